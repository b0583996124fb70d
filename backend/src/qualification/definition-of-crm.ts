import { crmOfField } from '../../../shared/crm-fields.ts';
import { SALESFORCE_MAP_IN, type MapIn } from '../../../shared/enrolment-settings.ts';
import type { ProgramDefinition } from '../../../shared/program-definition.ts';
import type { CrmName } from '../crm/port.ts';
import type { FieldProblem } from './check-problem.ts';
import type { PublishedProgram } from './published-programs.ts';

/** Salesforce's ids of record types and of users; HubSpot's ids of pipelines and owners look otherwise. */
const SALESFORCE_ID = /^(012|005|00G)[0-9A-Za-z]{12}([0-9A-Za-z]{3})?$/;
const HUBSPOT_ROLE = /^[A-Z_]+:\d+$/;

function crmOfId(id: string): CrmName {
  return SALESFORCE_ID.test(id) ? 'salesforce' : 'hubspot';
}

type Named = { readonly field: string };

/**
 * What a program says about the accounts of one CRM: lines, rules, a deal and an owner of the other one are left out. A
 * program may name fields of both; an account is never asked for, nor told, what the other one calls something.
 */
export function definitionOfCrm(definition: ProgramDefinition, crm: CrmName): ProgramDefinition {
  const own = <T extends Named>(lines: readonly T[]): readonly T[] =>
    lines.filter(({ field }) => crmOfField(field) === crm);
  const { capture, enrolment, matching, decisions } = definition;
  const { deal, owner } = capture;
  const makesDeals = deal.pipelineId !== null && crmOfId(deal.pipelineId) === crm;
  const givesOwner = owner.policy !== 'fixed' || (owner.ownerId !== null && crmOfId(owner.ownerId) === crm);
  return {
    ...definition,
    rules: own(definition.rules),
    rewardRules: definition.rewardRules.filter((rule) => rule.kind === 'fixed' || own([rule.saleValue]).length > 0),
    decisions: { ...decisions, fieldUpdates: own(decisions.fieldUpdates) },
    matching: {
      ...matching,
      target: own(matching.target),
      additional: own(matching.additional),
      member: own(matching.member),
    },
    capture: {
      ...capture,
      enabled: capture.enabled && (capture.in === 'both' || capture.in === crm),
      map: own(capture.map),
      deal: makesDeals ? deal : { ...deal, policy: 'await', pipelineId: null, stageId: null },
      owner: givesOwner ? owner : { policy: 'crm', ownerId: null },
    },
    enrolment: {
      ...enrolment,
      mapIn: crm === 'salesforce' ? withPerson(own(enrolment.mapIn)) : own(enrolment.mapIn),
      mapOut: own(enrolment.mapOut),
      contactValues: own(enrolment.contactValues),
    },
  };
}

function withPerson(lines: readonly MapIn[]): readonly MapIn[] {
  return [...lines, ...SALESFORCE_MAP_IN.filter(({ to }) => !lines.some((line) => line.to === to))];
}

/** Programs as the accounts of one CRM see them. */
export function programsOfCrm(programs: readonly PublishedProgram[], crm: CrmName): PublishedProgram[] {
  return programs.map((program) => ({ ...program, definition: definitionOfCrm(program.definition, crm) }));
}

/** Those of the problems of a definition that are about this CRM: by the field, or the id, that stands where they point. */
export function problemsOfCrm<Problem extends Pick<FieldProblem, 'path'>>(
  problems: readonly Problem[],
  definition: ProgramDefinition,
  crm: CrmName,
): Problem[] {
  return problems.filter(({ path }) => (crmAt(definition, path) ?? crm) === crm);
}

/** Null: what stands there is of neither. */
function crmAt(definition: ProgramDefinition, path: string): CrmName | null {
  const { deal, owner } = definition.capture;
  const { primaryRole } = definition.decisions;
  if (path.startsWith('capture.deal.') && deal.pipelineId !== null) return crmOfId(deal.pipelineId);
  if (path.startsWith('capture.owner.') && owner.ownerId !== null) return crmOfId(owner.ownerId);
  if (path === 'decisions.primaryRole' && primaryRole !== null)
    return HUBSPOT_ROLE.test(primaryRole) ? 'hubspot' : 'salesforce';
  const field = fieldAt(definition, path.split('.'));
  return field === null ? null : crmOfField(field);
}

/** The innermost `field` on the way to a setting. */
function fieldAt(from: unknown, [step, ...rest]: readonly string[]): string | null {
  if (typeof from !== 'object' || from === null) return null;
  const values = from as Readonly<Record<string, unknown>>;
  const deeper = step === undefined || !Object.hasOwn(values, step) ? null : fieldAt(values[step], rest);
  if (deeper !== null) return deeper;
  return typeof values['field'] === 'string' ? values['field'] : null;
}
