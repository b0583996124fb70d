import { crmOfField } from '../../../shared/crm-fields.ts';
import { MAP_SOURCES, type CaptureLine } from '../../../shared/capture-settings.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import { checkTargets, isBlank, problem, requiredMapMissing, type FieldProblem } from './check-problem.ts';

const KNOWN_SOURCES: ReadonlySet<string> = new Set(MAP_SOURCES);

/** RF-33: the function does not work without these. */
const REQUIRED = [
  { from: 'friend.firstName', detail: 'The friend’s first name' },
  { from: 'friend.email', detail: 'The friend’s e-mail address' },
] as const;

/** What keeps the capture of friends from working, as far as it can be told without the CRM. */
export function checkCapture(definition: ProgramDefinition): FieldProblem[] {
  const { map } = definition.capture;
  const targets = map.map(({ field, from, value }, index) => ({
    path: `capture.map.${String(index)}.field`,
    field,
    isTheirEmail: from === 'friend.email' && value === null,
  }));
  return [
    ...checkRequired(definition),
    ...checkTargets(targets),
    ...map.flatMap((line, index) => checkSource(line, `capture.map.${String(index)}.from`, definition)),
    ...checkDeal(definition),
    ...checkOwner(definition),
  ];
}

function checkRequired({ capture }: ProgramDefinition): FieldProblem[] {
  // In Salesforce a person's own details always go along: nothing has to be mapped for it (RR-17).
  const isOfSalesforce =
    capture.in === 'salesforce' ||
    (capture.map.length > 0 && capture.map.every(({ field }) => crmOfField(field) === 'salesforce'));
  if (!capture.enabled || isOfSalesforce) return [];
  return REQUIRED.filter(({ from }) => !capture.map.some((line) => line.from === from)).flatMap(({ from, detail }) =>
    requiredMapMissing('capture.map', {
      detail,
      part: 'capturing friends',
      remedy: `Add a line that writes ${from} to a contact property, or switch capture off.`,
    }),
  );
}

/** An answer that no form asks for would write nothing, silently. */
function checkSource({ from }: CaptureLine, path: string, { page }: ProgramDefinition): FieldProblem[] {
  if (from === null || KNOWN_SOURCES.has(from)) return [];
  const [whose, key] = from.split('.');
  // What an advocate brings along is told by CRM maps and by the API, too: any key may be one.
  if (whose === 'advocate') return [];
  if (whose === 'friend' && page.questions.some((question) => question.key === key)) return [];
  const keys = page.questions.map((question) => `friend.${question.key}`);
  return problem(path, 'source_unknown', {
    message: `Nothing is known by the name ${from}.`,
    remedy: `Use one of ${[...MAP_SOURCES, ...keys].join(', ')}, or add a question with that key to the page.`,
  });
}

const PLACEHOLDERS = /\{(?:friend|advocate|program)\}/g;

function checkDeal({ capture: { deal } }: ProgramDefinition): FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (deal.policy !== 'await') {
    if (deal.pipelineId === null || isBlank(deal.pipelineId)) problems.push(...dealMissing('pipelineId', 'pipeline'));
    if (deal.stageId === null || isBlank(deal.stageId)) problems.push(...dealMissing('stageId', 'stage'));
  }
  if (!/[{}]/.test(deal.name.replace(PLACEHOLDERS, ''))) return problems;
  const words = {
    message: 'The name of the deal has something in braces that nothing is put in for.',
    remedy: 'Use only {friend}, {advocate} and {program}, and no other braces.',
  };
  return [...problems, ...problem('capture.deal.name', 'placeholder_unknown', words)];
}

function dealMissing(field: 'pipelineId' | 'stageId', word: string): FieldProblem[] {
  return problem(`capture.deal.${field}`, `${word}_missing`, {
    message: `Deals are to be created, and no ${word} is chosen for them.`,
    remedy: `Pick the ${word}, or let the sales team make the deals (policy await).`,
  });
}

function checkOwner({ capture: { owner } }: ProgramDefinition): FieldProblem[] {
  if (owner.policy !== 'fixed' || owner.ownerId !== null) return [];
  return problem('capture.owner.ownerId', 'owner_missing', {
    message: 'New contacts are to get a fixed owner, and none is chosen.',
    remedy: 'Pick the owner, or leave it to the CRM (policy crm).',
  });
}
