import { ConfigInvalid, effectiveValue, loadConfig, type Environment } from '../backend/src/config.ts';
import { SETTINGS } from '../backend/src/settings.ts';

/** `npm run config`: every setting with its meaning, default and effective value (secrets masked), then what is wrong. */
export function describeConfig(environment: Environment): { text: string; problem: ConfigInvalid | null } {
  const blocks = SETTINGS.map((setting) =>
    [
      `${setting.name}${setting.secret ? '  (secret)' : ''}`,
      `    ${setting.meaning}`,
      `    default: ${setting.default ?? '(none)'}`,
      `    now:     ${effectiveValue(setting, environment)}`,
    ].join('\n'),
  );
  return { text: blocks.join('\n\n'), problem: problemOf(environment) };
}

function problemOf(environment: Environment): ConfigInvalid | null {
  try {
    loadConfig(environment);
    return null;
  } catch (error) {
    if (error instanceof ConfigInvalid) return error;
    throw error;
  }
}

if (process.argv[1] === import.meta.filename) {
  const { text, problem } = describeConfig(process.env);
  console.log(text);
  if (problem) {
    console.error(`\n${problem.message}`);
    process.exitCode = 1;
  }
}
