import { isoInstant } from '../clock.ts';
import type { CrmRecord, ObjectTypeId, Portal } from '../state/state.ts';

export interface DeriveInput {
  portal: Portal;
  type: ObjectTypeId;
  record: CrmRecord | null;
  /** the values about to be written, already without those that change nothing */
  values: Record<string, string>;
  nowMs: number;
}

/** What HubSpot works out itself when a deal changes stage or a contact its lifecycle stage. */
export function deriveValues(input: DeriveInput): Record<string, string> {
  if (input.type === '0-3') return deriveDeal(input);
  if (input.type === '0-1') return deriveLifecycle(input);
  return {};
}

function deriveDeal({ portal, record, values, nowMs }: DeriveInput): Record<string, string> {
  const derived: Record<string, string> = {};
  if (record === null) {
    derived['pipeline'] = values['pipeline'] ?? 'default';
    derived['deal_currency_code'] = values['deal_currency_code'] ?? portal.currency;
    derived['hs_is_closed'] = derived['hs_is_closed_won'] = derived['hs_is_closed_lost'] = 'false';
  }
  const stageId = values['dealstage'];
  if (!stageId) return derived;
  const pipelineId = values['pipeline'] ?? record?.values['pipeline'] ?? 'default';
  const stage = portal.dealPipelines.get(pipelineId)?.stages.find(({ id }) => id === stageId);
  if (!stage) return derived;
  const won = stage.isClosed === 'true' && Number(stage.probability) === 1;
  const now = isoInstant(nowMs);
  Object.assign(derived, stageTimes(record?.values['dealstage'], stageId, now), {
    hs_is_closed: stage.isClosed,
    hs_is_closed_won: String(won),
    hs_is_closed_lost: String(stage.isClosed === 'true' && !won),
    hs_deal_stage_probability: String(Number(stage.probability)),
  });
  const wasClosed = record?.values['hs_is_closed'] === 'true';
  if (stage.isClosed === 'true' && !wasClosed && values['closedate'] === undefined) derived['closedate'] = now;
  return derived;
}

function deriveLifecycle({ record, values, nowMs }: DeriveInput): Record<string, string> {
  const stage = values['lifecyclestage'];
  if (!stage) return {};
  const now = isoInstant(nowMs);
  return {
    ...stageTimes(record?.values['lifecyclestage'], stage, now),
    [`hs_lifecyclestage_${stage}_date`]: now,
  };
}

function stageTimes(left: string | undefined, entered: string, now: string): Record<string, string> {
  return {
    [`hs_v2_date_entered_${entered}`]: now,
    ...(left ? { [`hs_v2_date_exited_${left}`]: now } : {}),
  };
}
