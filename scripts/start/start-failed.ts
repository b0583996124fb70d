/** `npm start` cannot go on, in words for the person at the console. */
export class StartFailed extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, cause?: unknown) {
    super(message, { cause });
    this.remedy = remedy;
  }
}

export function portBusy(port: number, cause?: unknown): StartFailed {
  return new StartFailed(
    `Port ${port} is already in use.`,
    `Stop what listens there (another Passalong, perhaps), or choose another port: PORT=${port + 1} npm start`,
    cause,
  );
}
