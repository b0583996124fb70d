interface Tagged {
  '~map'?: [unknown, unknown][];
  '~set'?: unknown[];
}

/** JSON that also keeps maps and sets. Functions are lost: whoever has some leaves them out first. */
export const keptText = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Map) return { '~map': [...each.entries()] };
    return each instanceof Set ? { '~set': [...each] } : each;
  });

export const fromKeptText = (text: string): unknown =>
  JSON.parse(text, (_, each: unknown) => {
    if (typeof each !== 'object' || each === null) return each;
    const { '~map': entries, '~set': members } = each as Tagged;
    if (entries) return new Map(entries);
    return members ? new Set(members) : each;
  });
