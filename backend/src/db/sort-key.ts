/** A timestamp column as text to the microsecond, UTC: a sort key that loses nothing on its way through JavaScript. */
export function sortKey(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
