import type { CaptureSettings, DealSettings } from '../../../shared/capture-settings.ts';
import type { CrmName, CrmOwner, Pipeline } from '../crm/port.ts';
import { asChoice, unknownPipeline, unknownValue } from './check-choices.ts';
import { problem, type FieldProblem } from './check-problem.ts';

type Facts = { readonly pipelines: readonly Pipeline[] | null; readonly owners: readonly CrmOwner[] | null };

/** Where captured friends would end up: a duplicate policy, a stage or an owner the account does not have. */
export function checkAccountCapture(capture: CaptureSettings, facts: Facts, crm: CrmName): FieldProblem[] {
  if (!capture.enabled) return [];
  const { duplicates, deal, owner } = capture;
  return [
    ...(crm === 'hubspot' && capture.in !== 'salesforce' && duplicates.policy === 'create_anyway'
      ? [SECOND_CONTACT]
      : []),
    ...(facts.pipelines ? checkDeal(deal, facts.pipelines) : []),
    ...(facts.owners && owner.policy === 'fixed' && owner.ownerId !== null
      ? checkOwner(owner.ownerId, facts.owners)
      : []),
  ];
}

const SECOND_CONTACT: FieldProblem = {
  path: 'capture.duplicates.policy',
  code: 'policy_unsupported',
  message: 'HubSpot keeps one contact per e-mail address, so a second one for a known friend cannot be created.',
  remedy: 'Choose link, fill_blanks, overwrite_mapped, deny or review.',
};

function checkDeal({ policy, pipelineId, stageId }: DealSettings, pipelines: readonly Pipeline[]): FieldProblem[] {
  if (policy === 'await' || pipelineId === null) return [];
  const pipeline = pipelines.find(({ id }) => id === pipelineId);
  if (!pipeline) return unknownPipeline('capture.deal.pipelineId', pipelineId, pipelines);
  if (stageId === null) return [];
  return unknownValue(stageId, 'capture.deal.stageId', {
    code: 'stage_unknown',
    what: `a stage of the pipeline ${pipeline.label}`,
    choices: pipeline.stages.map(asChoice),
  });
}

function checkOwner(ownerId: string, owners: readonly CrmOwner[]): FieldProblem[] {
  if (owners.some(({ id }) => id === ownerId)) return [];
  return problem('capture.owner.ownerId', 'owner_unknown', {
    message: `The CRM account has no active user with the owner id ${ownerId}.`,
    remedy: 'Pick an owner from the list; people who were deactivated own nothing new.',
  });
}
