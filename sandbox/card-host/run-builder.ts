import { remoteBuild } from '@hubspot/ui-extensions-dev-server/build';

/**
 * The process that runs HubSpot's builder, as their servers run it. A process of its own, because the builder reads
 * NODE_ENV of its process and says what it thinks of a card on the console: what it warns about, HubSpot refuses.
 */
type BuildRequest = {
  readonly root: string;
  readonly entryPoint: string;
  readonly outputDir: string;
  readonly variables: Record<string, string>;
};

const warnings: string[] = [];
const collect = (...parts: unknown[]): void => void warnings.push(parts.map(String).join(' '));
console.warn = collect;
console.error = collect;

const { root, entryPoint, outputDir, variables } = JSON.parse(process.argv[2] ?? '{}') as BuildRequest;
try {
  await remoteBuild({ root, entryPoint, outputDir, logLevel: 'silent', appConfig: { variables } });
} catch (error) {
  warnings.push(error instanceof Error ? error.message : String(error));
}
if (warnings.length > 0) {
  process.stdout.write(warnings.join('\n'));
  process.exitCode = 1;
}
