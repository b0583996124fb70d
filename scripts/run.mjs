// The first step of every npm script: `node scripts/run.mjs scripts/<name>.ts …`.
// Plain JavaScript that any Node from 20 on runs, with nothing installed yet. It makes sure that node_modules is what
// package-lock.json says, then runs the script on the project's own Node (npm package `node`), which reads TypeScript.
import { installIfNeeded } from './bootstrap/installation.mjs';
import { projectNode } from './bootstrap/project-node.mjs';
import { runChild } from './bootstrap/child.mjs';
import { serviceFlags } from './bootstrap/service-flags.mjs';

/** Scripts that work without the development packages, as in a container installed with `npm ci --omit=dev`. */
const runtimeScripts = ['start', 'config', 'api-key', 'doctor', 'migrate'];

const [script, ...args] = process.argv.slice(2);
if (!script) {
  console.error('Usage: node scripts/run.mjs scripts/<name>.ts [arguments]');
  process.exit(2);
}

try {
  const name = script.replace(/^.*\//, '').replace(/\.ts$/, '');
  await installIfNeeded({ withDevelopment: !runtimeScripts.includes(name) });
  const flags = name === 'start' ? serviceFlags : [];
  runChild(await projectNode(), [...flags, script, ...args]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
