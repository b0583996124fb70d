import { ADVOCATE_DETAILS } from '../../../shared/enrolment-settings.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { problem, type FieldProblem } from './check-problem.ts';

const RESERVED: ReadonlySet<string> = new Set(ADVOCATE_DETAILS);

/** What is wrong with the public pages' settings. */
export function checkPage({ page }: ProgramDefinition): FieldProblem[] {
  const keys = page.questions.map(({ key }) => key);
  return [
    ...keys.flatMap((key, index) => checkKey(key, index, keys)),
    ...page.allowedOrigins.flatMap((origin, index) => checkOrigin(origin, `page.allowedOrigins.${String(index)}`)),
  ];
}

function checkKey(key: string, index: number, keys: readonly string[]): FieldProblem[] {
  const path = `page.questions.${String(index)}.key`;
  if (RESERVED.has(key)) {
    return problem(path, 'key_reserved', {
      message: `Every form asks for ${key} already.`,
      remedy: 'Give the question another key.',
    });
  }
  if (keys.indexOf(key) === index) return [];
  return problem(path, 'duplicate_key', {
    message: `Two questions have the key ${key}, so one answer would replace the other.`,
    remedy: 'Give each question a key of its own.',
  });
}

/** Browsers send an origin in one spelling only; any other one would never be met. */
function checkOrigin(origin: string, path: string): FieldProblem[] {
  const exact = URL.canParse(origin) ? new URL(origin).origin : null;
  if (exact === origin) return [];
  return problem(path, 'origin_invalid', {
    message: `No browser sends the origin ${origin}.`,
    remedy: exact === null ? 'Write it like https://www.example.com.' : `Write it as ${exact}.`,
  });
}
