import { link } from '../crm/link.ts';
import type { End } from '../crm/link.ts';
import { defaultTypeIds } from '../crm/associations.ts';
import { objectTypeOf } from '../crm/object-types.ts';
import { writeRecord } from '../crm/write.ts';
import { Random } from '../random.ts';
import { RENEWALS_PIPELINE_ID } from '../schema/pipelines.ts';
import type { CrmRecord, ObjectTypeId, Owner, Portal } from '../state/state.ts';
import type { World } from '../world.ts';
import { seedLists } from './lists.ts';
import {
  CITIES,
  COMPANY_WORDS,
  DEAL_KINDS,
  FIRST_NAMES,
  INDUSTRIES,
  JOB_TITLES,
  LAST_NAMES,
  LEAD_STATUSES,
  SUFFIXES,
} from './words.ts';

const COUNTS = { companies: 80, contacts: 300, deals: 150 };
const DAY_MS = 86_400_000;
const SOURCE = { sourceType: 'IMPORT', sourceId: 'userId:9000001' };

/** A small business's account: people at companies, deals in both pipelines. The same for a portal id every time. */
export function seedBelievable(world: World, portal: Portal): void {
  const random = new Random(portal.portalId);
  const join = joiner(world, portal);
  const at = (daysAgo: number) => world.clock.now() - Math.round((daysAgo + random.next()) * DAY_MS);
  const write = (type: ObjectTypeId, values: Record<string, string>, nowMs: number) =>
    writeRecord(world, { portal, type, record: null, values, source: SOURCE, nowMs });

  const companies = Array.from({ length: COUNTS.companies }, (_, index) =>
    write('0-2', companyValues(random, index), at(300 + random.integer(0, 400))),
  );
  const contacts = Array.from({ length: COUNTS.contacts }, (_, index) => {
    const company = random.pick(companies);
    const contact = write(
      '0-1',
      contactValues({ random, owners: portal.owners }, company, index),
      at(60 + random.integer(0, 240)),
    );
    join(['0-1', contact], ['0-2', company]);
    return { contact, company };
  });
  for (let index = 0; index < COUNTS.deals; index += 1) {
    const { contact, company } = random.pick(contacts);
    const deal = write('0-3', dealValues(random, portal, company), at(20 + random.integer(0, 40)));
    const stageId = laterStage(random, portal, deal);
    if (stageId)
      writeRecord(world, {
        portal,
        type: '0-3',
        record: deal,
        values: { dealstage: stageId },
        source: SOURCE,
        nowMs: at(random.integer(0, 15)),
      });
    join(['0-3', deal], ['0-1', contact]);
    join(['0-3', deal], ['0-2', company]);
    if (random.next() < 0.2) join(['0-3', deal], ['0-1', random.pick(contacts).contact]);
  }
  seedLists(world, portal);
}

/** Joins two records by the default association, once. */
function joiner(world: World, portal: Portal) {
  return (one: readonly [ObjectTypeId, CrmRecord], two: readonly [ObjectTypeId, CrmRecord]): void => {
    const [from, to]: [End, End] = [
      [one[0], one[1].id],
      [two[0], two[1].id],
    ];
    const typeIds = defaultTypeIds({ from: objectTypeOf(from[0]), to: objectTypeOf(to[0]) });
    // When the later of the two came: a join of today would make every contact look changed today.
    const nowMs = Math.max(one[1].createdAtMs, two[1].createdAtMs);
    link(world, { portal, from, to, typeIds, source: SOURCE, nowMs });
  };
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]+/g, '');

function companyValues(random: Random, index: number): Record<string, string> {
  const word = COMPANY_WORDS[index % COMPANY_WORDS.length] ?? 'Acme';
  const name =
    index < COMPANY_WORDS.length ? `${word} ${random.pick(SUFFIXES)}` : `${word} & ${random.pick(LAST_NAMES)}`;
  return {
    name,
    domain: `${slug(word)}${index < COMPANY_WORDS.length ? '' : index}.example.com`,
    city: random.pick(CITIES),
    industry: random.pick(INDUSTRIES),
    numberofemployees: String(random.integer(3, 900)),
  };
}

const STAGES = 'subscriber lead lead marketingqualifiedlead salesqualifiedlead opportunity customer customer'.split(
  ' ',
);

function contactValues({ random, owners }: { random: Random; owners: Owner[] }, company: CrmRecord, index: number) {
  const [firstname, lastname, stage] = [random.pick(FIRST_NAMES), random.pick(LAST_NAMES), random.pick(STAGES)];
  return {
    firstname,
    lastname,
    email: `${slug(firstname)}.${slug(lastname)}${index}@${company.values['domain'] ?? 'example.com'}`,
    company: company.values['name'] ?? '',
    jobtitle: random.pick(JOB_TITLES),
    city: company.values['city'] ?? '',
    phone: `+1 555 ${String(random.integer(100, 999))} ${String(random.integer(1000, 9999))}`,
    lifecyclestage: stage,
    ...(stage !== 'customer' && { hs_lead_status: random.pick(LEAD_STATUSES) }),
    ...(random.next() < 0.7 && { hubspot_owner_id: random.pick(owners).id }),
  };
}

function dealValues(random: Random, portal: Portal, company: CrmRecord): Record<string, string> {
  const pipelineId = random.next() < 0.7 ? 'default' : RENEWALS_PIPELINE_ID;
  const stages = portal.dealPipelines.get(pipelineId)?.stages ?? [];
  return {
    dealname: `${company.values['name'] ?? 'Company'} - ${random.pick(DEAL_KINDS)}`,
    pipeline: pipelineId,
    dealstage: stages[0]?.id ?? '',
    amount: String(random.integer(8, 480) * 250),
    dealtype: pipelineId === 'default' ? 'newbusiness' : 'existingbusiness',
    hubspot_owner_id: random.pick(portal.owners).id,
  };
}

function laterStage(random: Random, portal: Portal, deal: CrmRecord): string | undefined {
  const stages = portal.dealPipelines.get(deal.values['pipeline'] ?? '')?.stages ?? [];
  return random.next() < 0.2 ? undefined : random.pick(stages.slice(1)).id;
}
