import { CRM_FIELDS, DEAL_FIELDS, type CrmField } from '../../shared/crm-fields.ts';
import type { CrmWorld } from './crm-world.ts';
import { CUSTOM_FIELDS, STAGE_LABELS, WORDS, type Kind } from './vocabulary.ts';

/** Who is who in one scenario: names for every id and code that differs from CRM to CRM and from run to run. */
export type Names = ReadonlyMap<string, string>;

type Row = Readonly<Record<string, any>>;

/**
 * Everything a workspace's business consists of, one fact a line, in words that do not depend on the CRM. Times are left
 * out (each world has its own seconds) except for the days that sentences name.
 */
export async function businessLines(world: CrmWorld, workspaceId: string, names: Names): Promise<string[]> {
  const read = async (title: string): Promise<Row[]> => world.stage.rows(QUERIES[title] ?? '', [workspaceId]);
  const tell = (text: unknown): string => told(world, text, names);
  const lines: string[] = [];
  for (const title of Object.keys(QUERIES)) {
    for (const row of withoutIdleLooks(await read(title))) lines.push(`${title}: ${wordsOfRow(row, tell)}`);
  }
  return [...lines, ...recordLines(world, tell)];
}

const FRIEND = `(select coalesce(p.email, p.last_name, p.id) from people p join referrals x on x.person_id = p.id where x.id = r.id)`;

const QUERIES: Readonly<Record<string, string>> = {
  referral: `
    select ${FRIEND} as friend, (select p.email from advocates a join people p on p.id = a.person_id where a.id = r.advocate_id) as advocate,
           (select key from programs where id = r.program_id) as program, r.status, r.decided_by, r.held_for, r.person_floor,
           r.rules_version, r.source, r.external_id, r.details, (select reason_code from entries e where e.referral_id = r.id and e.state <> 'ignored' order by seq desc limit 1) as last,
           (select p.email from referrals m join people p on p.id = m.person_id where m.id = r.merged_into) as into, r.status_reason
      from referrals r where r.workspace_id = $1 order by program, r.referred_at, friend`,
  event: `
    select ${FRIEND} as friend, v.from_status, v.to_status, v.cause, split_part(v.actor, ':', 1) as actor, v.program_version, v.reason
      from referral_events v join referrals r on r.id = v.referral_id
     where v.workspace_id = $1 order by r.program_id, r.referred_at, friend, v.id`,
  reward: `
    select ${FRIEND} as friend, p.email as recipient, w.reward_rule_id as rule, w.program_version, w.milestone, w.state, w.amount_minor::text as minor,
           w.currency, split_part(w.approved_by, ':', 1) as approved_by, w.void_cause, w.basis ->> 'kind' as basis, w.basis ->> 'percent' as percent,
           trim_scale((w.basis ->> 'saleValue')::numeric)::text as sale, w.basis ->> 'currency' as sale_currency, w.basis ->> 'rounded' as rounded,
           w.basis -> 'record' ->> 'objectType' as of_record
      from rewards w join referrals r on r.id = w.referral_id join people p on p.id = w.recipient_person_id
     where w.workspace_id = $1 order by r.referred_at, friend, w.reward_rule_id, w.milestone, recipient`,
  'reward event': `
    select ${FRIEND} as friend, w.reward_rule_id as rule, w.milestone, v.from_state, v.to_state, v.cause, split_part(v.actor, ':', 1) as actor,
           v.amount_minor::text as minor, v.currency
      from reward_events v join rewards w on w.id = v.reward_id join referrals r on r.id = w.referral_id
     where v.workspace_id = $1 order by r.referred_at, friend, w.reward_rule_id, w.milestone, v.id`,
  entry: `
    select coalesce((select coalesce(p.email, p.last_name, p.id) from referrals r join people p on p.id = r.person_id where r.id = e.referral_id), '-') as friend,
           (select key from programs where id = e.program_id) as program, e.program_version, e.trigger ->> 'kind' as kind, e.state, e.reason_code,
           e.object_type, e.trace -> 'verdict' -> 'decidingRecord' ->> 'objectType' as deciding, e.review_key, e.notify, e.replay, e.review_due_at is not null as due, e.reason
      from entries e where e.workspace_id = $1 order by friend, program, e.seq`,
  answer: `
    select ${FRIEND} as friend, a.review_key, a.answer, split_part(a.actor, ':', 1) as actor
      from review_answers a join referrals r on r.id = a.referral_id where a.workspace_id = $1 order by friend, a.review_key`,
  'set aside': `
    select coalesce(p.email, p.last_name) as person, w.object_type, w.last_error ->> 'code' as code,
           case when w.last_error ->> 'code' = 'value_coerced' then w.last_error -> 'fields' end as fields
      from write_backs w
      left join crm_records k on k.connection_id = w.connection_id and k.object_type = w.object_type and k.record_id = w.record_id
      left join people p on p.id = k.person_id
     where w.workspace_id = $1 and w.dead_at is not null order by person, w.object_type`,
  metrics: `
    select p.email as advocate, m.metrics - 'lastReferralAt' as numbers, (m.metrics ->> 'lastReferralAt') is not null as ever
      from advocate_metrics m join advocates a on a.id = m.advocate_id join people p on p.id = a.person_id
     where m.workspace_id = $1 order by advocate, a.created_at`,
};

/** How a record came to be looked at: each CRM has its own ways. */
const LOOKS = [
  ...['created', 'changed', 'deleted', 'restored', 'merged', 'association_changed'],
  ...['polled', 'captured', 'linked'],
];

/**
 * A look that changed nothing is kept as an entry, too. How often a CRM has something looked at, and whether it was the
 * person or their deal, is its own: here each thing that was seen is said once, by the record that decided.
 */
function withoutIdleLooks(rows: readonly Row[]): Row[] {
  const said = new Set<string>();
  return rows
    .map(({ deciding, ...row }) =>
      LOOKS.includes(row['kind']) ? { ...row, kind: 'look', object_type: deciding } : row,
    )
    .filter((row) => {
      const { friend, program, reason } = row;
      const key = [friend, program, reason].join();
      const isNews = !said.has(key);
      said.add(key);
      return row['kind'] !== 'look' || row['state'] !== 'ignored' || isNews;
    });
}

function wordsOfRow(row: Row, tell: (text: unknown) => string): string {
  return Object.entries(row)
    .filter(([, value]) => value !== null && value !== false && value !== '')
    .map(([column, value]) => `${column}=${typeof value === 'object' ? tell(JSON.stringify(value)) : tell(value)}`)
    .join(' ');
}

/** The own fields of every live record, and those of the account's own fields that a program may write. */
function recordLines(world: CrmWorld, tell: (text: unknown) => string): string[] {
  const line = (kind: Kind, id: string): string => {
    const held = world.read(kind, id);
    const values = comparedFields(world, kind).flatMap(([key, name]) =>
      held[name] ? [`${key}=${tell(plainValue(held[name]))}`] : [],
    );
    return `${kind}: ${values.join(' ')}`;
  };
  const named = (id: string): string => world.read('person', id)[WORDS['email']?.[world.crm] ?? ''] ?? 'nobody';
  const people = world.livePeople().map((id) => line('person', id));
  const deals = world
    .liveDeals()
    .map((id) => `${line('deal', id)} with ${world.peopleOn(id).map(named).sort().join(', ')}`);
  return [...people.sort(), ...deals.sort()];
}

/** Numbers as they are, whatever zeros a CRM writes behind them. */
function plainValue(value: string): string {
  return /^-?\d+(\.\d+)?$/.test(value) ? String(Number(value)) : value;
}

/** Times, whose seconds are the world's own. */
const LEFT_OUT = ['lastReferralAt', 'countedAt'];
/** Salesforce marks every deal of a referral (RR-20); HubSpot those that were made or chosen for one. Scenarios look at it. */
const DEAL_LEFT_OUT = ['dealReferralId'];
const STANDARD = {
  person: ['email', 'firstName', 'lastName', 'phone'],
  company: [],
  deal: ['dealName', 'dealStage', 'amount'],
} as const;

function comparedFields({ crm }: CrmWorld, kind: Kind): (readonly [string, string])[] {
  const ours: readonly Pick<CrmField, 'key' | 'hubspot' | 'salesforce'>[] = {
    person: CRM_FIELDS,
    company: [],
    deal: DEAL_FIELDS,
  }[kind];
  const compared = ours.filter(({ key }) => ![...LEFT_OUT, ...DEAL_LEFT_OUT].includes(key));
  // A field that only one CRM has cannot be compared.
  const own = compared.flatMap(({ key, hubspot, salesforce }) =>
    hubspot === null || salesforce === null ? [] : [[key, crm === 'hubspot' ? hubspot : salesforce] as const],
  );
  const standard = STANDARD[kind].map((word) => [word, WORDS[word]?.[crm] ?? ''] as const);
  const custom = CUSTOM_FIELDS.filter(({ on }) => on === kind).map((field) => [field.word, field[crm]] as const);
  return [...standard, ...custom, ...own];
}

/** Ids of ours that no name is known for. */
const OWN_IDS = /\b(per|prg|ent|adv|ref|rwd|con)_[0-9a-z]{20,}/g;
/** Of a rule as it was asked about, with the names of its fields. */
const RULE_PRINT = /:[0-9a-f]{8}:/g;
/** Of a question that concerns several, made of the records' ids. */
const SEVERAL_PRINT = /\bseveral:[0-9a-f]{16}\b/g;
const CRM_NAMES = /\b(HubSpot|Salesforce)\b/g;
/** The organisation's own words about why it refused a record. */
const REFUSAL = /^(The CRM (?:refused|did not take)[^:]*): .*$/;

/** A text without what is only one CRM's: ids and codes by their names, labels by our words for them. */
function told(world: CrmWorld, text: unknown, names: Names): string {
  let words = String(text);
  for (const [id, name] of names) words = words.replaceAll(new RegExp(`\\b${id}\\b`, 'gi'), name);
  for (const word of ['starting', 'qualifying', 'offered', 'negotiating', 'won', 'lost'])
    if (words === WORDS[word]?.[world.crm]) return `«${word}»`;
  for (const label of STAGE_LABELS) words = words.replaceAll(label[world.crm], `«${label.hubspot}»`);
  for (const { word, ...field } of CUSTOM_FIELDS) words = words.replaceAll(field[world.crm], `«${word}»`);
  words = words
    .replaceAll(OWN_IDS, '<$1>')
    .replaceAll(RULE_PRINT, ':<rule>:')
    .replaceAll(SEVERAL_PRINT, 'several:<them>');
  return words.replace(CRM_NAMES, 'the CRM').replace(REFUSAL, '$1');
}
