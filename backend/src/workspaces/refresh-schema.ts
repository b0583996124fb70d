import type { CrmName, FieldDescription } from '../crm/port.ts';
import { insertEntries, type NewEntry } from '../ingest/entries-store.ts';
import { newId } from '../ids.ts';
import { NOTHING_KNOWN, type AccountFacts } from '../qualification/account-facts.ts';
import { accountNeeds, fieldsNamed } from '../qualification/check-account.ts';
import { definitionOfCrm, problemsOfCrm } from '../qualification/definition-of-crm.ts';
import { findAlarms } from '../qualification/find-alarms.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';
import { settleRuleAlarms, type RuleAlarm } from '../qualification/rule-alarms-store.ts';
import type { ConnectionWork } from '../sync/connection-work.ts';
import { saveSchema, type CrmSchema } from './connections-store.ts';

/** How long a stage or an option may be gone before somebody is told. */
export const SCHEMA_REFRESH_MS = 6 * 3_600_000;

/** Reads what the account offers, keeps its labels, and tells what rules in use name and the account has no longer (E11). */
export async function refreshSchema(work: ConnectionWork, programs: readonly PublishedProgram[]): Promise<void> {
  const { connection, database, clock } = work;
  const { connectionId, workspaceId } = connection;
  const facts = await readFacts(work, programs);
  const alarms = alarmsOf(programs, facts, work.port.crm);
  const now = new Date(clock.now());
  const dueAt = new Date(now.getTime() + SCHEMA_REFRESH_MS);
  await database.inWorkspace(workspaceId, async (tx) => {
    await saveSchema(tx, {
      connectionId,
      crmSchema: schemaOf(programs, facts),
      now,
      dueAt,
      wasDueAt: connection.provisionDueAt,
    });
    const news = await settleRuleAlarms(tx, { workspaceId, connectionId, now }, alarms);
    await insertEntries(tx, { workspaceId, now, entries: news.map((alarm) => toEntry(alarm, connectionId)) });
  });
}

/** One call for each kind of thing that any version in use names; pipelines always, because cards show their stages. */
async function readFacts(
  { connection, port }: ConnectionWork,
  programs: readonly PublishedProgram[],
): Promise<AccountFacts> {
  const needs = programs.flatMap(({ versions }) =>
    versions.map(({ definition }) => accountNeeds(definitionOfCrm(definition, port.crm))),
  );
  const isNeeded = (part: keyof AccountFacts): boolean => needs.some((need) => need[part]);
  return {
    ...NOTHING_KNOWN,
    pipelines: await port.readPipelines(connection),
    contactFields: isNeeded('contactFields') ? await port.readFields(connection, 'contact') : null,
    leadFields: isNeeded('leadFields') ? await port.readFields(connection, 'lead') : null,
    companyFields: isNeeded('companyFields') ? await port.readFields(connection, 'company') : null,
    dealFields: isNeeded('dealFields') ? await port.readFields(connection, 'deal') : null,
    contactRoles: isNeeded('contactRoles') ? await port.readContactRoles(connection) : null,
  };
}

function alarmsOf(programs: readonly PublishedProgram[], facts: AccountFacts, crm: CrmName): RuleAlarm[] {
  return programs.flatMap(({ id, versions }) =>
    versions.flatMap(({ version, definition }) =>
      problemsOfCrm(findAlarms(definition, facts), definition, crm).map((found) => ({
        ...found,
        programId: id,
        version,
      })),
    ),
  );
}

/** Only what rules, sale values and copied fields name: an account may have thousands of fields. */
function schemaOf(programs: readonly PublishedProgram[], facts: AccountFacts): CrmSchema {
  const named = new Set(
    programs.flatMap(({ versions }) =>
      versions.flatMap(({ definition }) => fieldsNamed(definition).map(({ object, field }) => `${object}:${field}`)),
    ),
  );
  const ofObject = (object: string, fields: readonly FieldDescription[] | null): readonly FieldDescription[] =>
    (fields ?? []).filter(({ name }) => named.has(`${object}:${name}`));
  return {
    pipelines: facts.pipelines ?? [],
    contactFields: ofObject('contact', facts.contactFields),
    leadFields: ofObject('lead', facts.leadFields),
    companyFields: ofObject('company', facts.companyFields),
    dealFields: ofObject('deal', facts.dealFields),
  };
}

/** Kept once: the same thing found at the next look is no news. */
function toEntry(alarm: RuleAlarm, connectionId: string): NewEntry {
  const { programId, version, path, code, message, remedy } = alarm;
  return {
    id: newId('ent'),
    state: 'failed',
    reasonCode: 'rule_value_gone',
    reason: message,
    trigger: { kind: 'account_read', path, code, remedy },
    programId,
    programVersion: version,
    connectionId,
    reviewKey: `rule_value_gone:${programId}:${path}:${code}`,
  };
}
