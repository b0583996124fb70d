/**
 * @remote-ui/rpc hands an error over and then throws it once more on the side it came from, where nobody can catch it. So
 * what may fail answers with its failure instead of throwing, and throws on the side that asked.
 */
export type Answer<Value> = { readonly value: Value } | { readonly failure: string };

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- any function at all: only its own types matter.
type Methods = Record<string, (...given: any[]) => Promise<any>>;

export type Answering<Api> = {
  [Name in keyof Api]: Api[Name] extends (...given: infer Given) => Promise<infer Value>
    ? (...given: Given) => Promise<Answer<Value>>
    : never;
};

/** What is exposed to the other side. */
export function answering<Api extends object>(api: Api): Answering<Api> {
  const entries = Object.entries(api as Methods).map(([name, method]) => [
    name,
    (...given: unknown[]) => answer(method, given),
  ]);
  return Object.fromEntries(entries) as Answering<Api>;
}

/** What the other side exposes, as it was before `answering`. */
export function asking<Api extends object>(call: object, names: readonly (keyof Api)[]): Api {
  const methods = call as Record<string, (...given: unknown[]) => Promise<Answer<unknown>>>;
  const entries = names.map((name) => [
    name,
    async (...given: unknown[]) => open(await methods[name as string]?.(...given)),
  ]);
  return Object.fromEntries(entries) as Api;
}

async function answer(method: (...given: unknown[]) => Promise<unknown>, given: unknown[]): Promise<Answer<unknown>> {
  try {
    return { value: await method(...given) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}

function open(answered: Answer<unknown> | undefined): unknown {
  if (answered && 'failure' in answered) throw new Error(answered.failure);
  return answered?.value;
}
