import { createServer } from 'node:net';
import { portBusy, StartFailed } from './start-failed.ts';

/** Asks before anything else is started, so that a busy port costs nobody ten seconds and leaves nothing behind. */
export async function requireFreePort(port: number): Promise<void> {
  if (port === 0) return;
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(port, () => resolve());
  }).catch((error: unknown) => Promise.reject(explained(port, error)));
  await new Promise((resolve) => probe.close(resolve));
}

/** What listening on a port failed with, in plain words; anything else as it is. */
export function explained(port: number, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EADDRINUSE') return portBusy(port, error);
  if (code === 'EACCES')
    return new StartFailed(
      `Port ${port} is not open to this user.`,
      'Choose one above 1023: PORT=3000 npm start',
      error,
    );
  return error instanceof Error ? error : new Error(String(error));
}
