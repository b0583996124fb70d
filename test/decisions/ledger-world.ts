import type { CrmRecord, FieldValues } from '../../backend/src/crm/port.ts';
import { decideNow } from '../../backend/src/ingest/decide-now.ts';
import type { DirtyRecord } from '../../backend/src/ingest/dirty-store.ts';
import type { Reading } from '../../backend/src/ingest/reading.ts';
import { recordReadings } from '../../backend/src/ingest/record-readings.ts';
import { recountMetrics } from '../../backend/src/metrics/metrics-store.ts';
import { settleEffects } from '../../backend/src/sync/settle-effects.ts';
import type { Stage, Tenant } from '../journeys/stage.ts';

/** One state of one CRM record, as the CRM would answer if it were asked then. */
export type RecordState = {
  readonly objectType: 'contact' | 'deal';
  readonly id: string;
  readonly values: FieldValues;
  readonly modifiedAt: Date;
  readonly contactIds: readonly string[];
  /** Of a contact: the deals it is on. */
  readonly dealIds: readonly string[];
};

const FIELDS = {
  email: 'email',
  referralId: 'passalong_referral_id',
  owner: 'hubspot_owner_id',
  company: 'associatedcompanyid',
  otherEmails: 'hs_additional_emails',
  firstName: 'firstname',
  lastName: 'lastname',
  phone: 'phone',
};

/** Feeds readings into the decision transaction as workers would, without a CRM: the test is the CRM. */
export class LedgerWorld {
  readonly stage: Stage;
  readonly tenant: Tenant;

  constructor(stage: Stage, tenant: Tenant) {
    this.stage = stage;
    this.tenant = tenant;
  }

  async read(states: readonly RecordState[]): Promise<void> {
    await recordReadings(this.stage.service.database, {
      account: {
        workspaceId: this.tenant.workspaceId,
        connectionId: this.tenant.connectionId,
        crm: 'hubspot',
        externalAccountId: String(this.tenant.portalId),
      },
      readings: states.map(toReading),
      now: new Date(this.stage.clock.now()),
      publicUrl: this.stage.publicUrl,
      workspaceCurrency: 'EUR',
      fields: FIELDS,
    });
  }

  /** Answers the hints the readings left, with each record as it stands now, until none is left. */
  async answerHints(current: readonly RecordState[]): Promise<void> {
    const byKey = new Map(current.map((state) => [`${state.objectType}:${state.id}`, state]));
    for (let round = 0; round < 20; round += 1) {
      const hints = await this.stage.rows<{ object_type: string; record_id: string }>(
        'select object_type, record_id from dirty_records where connection_id = $1 and record_id = any($2)',
        [this.tenant.connectionId, current.map(({ id }) => id)],
      );
      if (hints.length === 0) return;
      const states = hints.flatMap((hint) => byKey.get(`${hint.object_type}:${hint.record_id}`) ?? []);
      await this.stage.rows('delete from dirty_records where connection_id = $1 and record_id = any($2)', [
        this.tenant.connectionId,
        current.map(({ id }) => id),
      ]);
      await this.read(states);
    }
    throw new Error('the hints do not end');
  }

  /** Decides these people anew from what is stored, as a replay does. */
  async replay(personIds: readonly string[]): Promise<void> {
    const { workspaceId } = this.tenant;
    const now = new Date(this.stage.clock.now());
    await this.stage.service.database.aloneInWorkspace(workspaceId, async (tx) => {
      await decideNow(tx, {
        deps: { settle: settleEffects, publicUrl: this.stage.publicUrl },
        workspaceId,
        now,
        personIds,
        trigger: {
          connectionId: null,
          objectType: null,
          recordId: null,
          kind: 'replay',
          occurredAt: now.toISOString(),
          sourceKey: null,
        },
        replay: true,
      });
    });
  }

  /** Counts every advocate anew: a denied friend is decided without a change, and was counted in the books that were emptied. */
  async recount(): Promise<void> {
    const { workspaceId } = this.tenant;
    const advocates = await this.stage.rows<{ id: string }>('select id from advocates');
    const input = { workspaceId, now: new Date(this.stage.clock.now()), advocateIds: advocates.map(({ id }) => id) };
    await this.stage.service.database.aloneInWorkspace(workspaceId, (tx) => recountMetrics(tx, input));
  }

  /**
   * What of these referrals means something to the business. Left out: generated ids, times of ours, voided rewards (they
   * are history) and details (copies made when a status moved).
   */
  async business(referralIds: readonly string[]): Promise<unknown> {
    const referrals = await this.stage.rows(
      `select r.status, r.status_reason, r.decided_by, r.rules_version, r.deciding ->> 'ruleId' as rule,
              coalesce((select json_agg(json_build_array(w.reward_rule_id, w.milestone, w.state, w.amount_minor, w.currency,
                                        w.recipient_person_id = a.person_id) order by w.reward_rule_id, w.milestone)
                          from rewards w where w.referral_id = r.id and w.state <> 'voided'), '[]') as rewards,
              coalesce((select json_agg(e.reason_code order by e.reason_code) from entries e
                         where e.referral_id = r.id and e.state = 'review'), '[]') as questions,
              m.metrics - 'lastReferralAt' #- '{rewards,voided}' as metrics
         from referrals r join advocates a on a.id = r.advocate_id left join advocate_metrics m on m.advocate_id = a.id
        where r.id = any($1) order by array_position($1, r.id)`,
      [[...referralIds]],
    );
    return referrals;
  }
}

function toReading(state: RecordState): Reading {
  return {
    dirty: toDirty(state),
    record: toRecord(state),
    contactIds: state.contactIds,
    contactRoles: {},
    dealIds: state.dealIds,
  };
}

function toRecord({ objectType, id, values, modifiedAt }: RecordState): CrmRecord {
  return { objectType, id, values, modifiedAt, createdAt: modifiedAt, mergedIds: [] };
}

function toDirty({ objectType, id, modifiedAt }: RecordState): DirtyRecord {
  return {
    objectType,
    recordId: id,
    generation: 1,
    privacyDeletion: false,
    lastKind: 'changed',
    lastSourceKey: null,
    lastOccurredAt: modifiedAt,
    attempts: 0,
  };
}
