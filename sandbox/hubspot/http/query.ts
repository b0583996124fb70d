import { invalid } from '../errors.ts';

/** HubSpot ignores what it does not know; here it is refused, because it is always a mistake of ours. */
export function onlyParameters(query: URLSearchParams, allowed: readonly string[]): void {
  for (const name of query.keys()) if (!allowed.includes(name)) throw invalid(`Unrecognized query parameter "${name}"`);
}

export interface NumberRange {
  from: number;
  to: number;
  otherwise: number;
}

export function numberParameter(query: URLSearchParams, name: string, range: NumberRange): number {
  const given = query.get(name);
  if (given === null) return range.otherwise;
  const value = Number(given);
  if (!/^\d+$/.test(given) || value < range.from || value > range.to)
    throw invalid(`${name} must be a whole number between ${range.from} and ${range.to}, not ${given}`);
  return value;
}

export function flagParameter(query: URLSearchParams, name: string): boolean {
  const given = query.get(name);
  if (given !== null && given !== 'true' && given !== 'false') throw invalid(`${name} must be true or false`);
  return given === 'true';
}
