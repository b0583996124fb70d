// Loaded before every script that run.mjs starts. When run.mjs is gone, however it ended, the pipe between us closes; then
// this process and its children end at once, as they would have in one process group with it.
import { Socket } from 'node:net';

const descriptor = process.env.PASSALONG_LIFELINE;
// Children inherit the environment but not the pipe.
delete process.env.PASSALONG_LIFELINE;

if (descriptor) {
  const pipe = new Socket({ fd: Number(descriptor), readable: true, writable: false });
  pipe.on('error', () => undefined);
  pipe.on('close', () => process.kill(-process.pid, 'SIGKILL'));
  pipe.resume();
  pipe.unref();
}
