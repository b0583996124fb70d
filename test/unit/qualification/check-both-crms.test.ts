import { describe, expect, it } from 'vitest';
import { CAPTURE_DEFAULTS } from '../../../shared/capture-settings.ts';
import { ENROLMENT_DEFAULTS } from '../../../shared/enrolment-settings.ts';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition } from '../../../shared/program-definition.ts';
import type { CrmName, FieldDescription, Pipeline } from '../../../backend/src/crm/port.ts';
import { NOTHING_KNOWN, type AccountFacts } from '../../../backend/src/qualification/account-facts.ts';
import { checkAccount } from '../../../backend/src/qualification/check-account.ts';
import { checkDefinition } from '../../../backend/src/qualification/check-definition.ts';
import { problemsOfCrm } from '../../../backend/src/qualification/definition-of-crm.ts';
import { findAlarms } from '../../../backend/src/qualification/find-alarms.ts';
import type { AccountReader } from '../../../backend/src/qualification/read-account.ts';
import { checkWithAccounts, type ProgramDeps } from '../../../backend/src/qualification/save-program.ts';
import { contactRule, dealRule } from './build.ts';

const text = (name: string): FieldDescription => ({ name, label: name, type: 'text', options: [] });
const stage = { id: 'won', label: 'Won', order: 0, won: true, lost: false };

type Offer = {
  readonly contact: readonly string[];
  readonly lead: readonly string[];
  readonly pipelines: readonly Pipeline[];
};

const OFFERS: Readonly<Record<CrmName, Offer>> = {
  hubspot: { contact: ['tier', 'plan'], lead: [], pipelines: [{ id: 'default', label: 'Sales', stages: [stage] }] },
  salesforce: {
    contact: ['FirstName', 'LastName', 'Email', 'Phone', 'Tier__c', 'Plan__c', 'Name'],
    lead: ['Tier__c', 'Rating', 'Company'],
    pipelines: [{ id: '012000000000000AAA', label: 'Opportunities', stages: [stage] }],
  },
};

function readerOf(crm: CrmName): AccountReader {
  const { contact, lead, pipelines } = OFFERS[crm];
  const names = { contact, lead, company: [], deal: [] };
  return {
    readPipelines: () => Promise.resolve(pipelines),
    readFields: (_account, object) => Promise.resolve(names[object].map(text)),
    readOwners: () => Promise.resolve([]),
    readContactRoles: () => Promise.resolve([]),
  };
}

async function problemsWith(crms: readonly CrmName[], definition: ProgramDefinition): Promise<string[]> {
  const accounts = crms.map((crm) => ({
    workspaceId: 'ws_1',
    connectionId: `con_${crm}`,
    crm,
    externalAccountId: crm,
    crmSchema: {},
  }));
  const accountReaders = { hubspot: readerOf('hubspot'), salesforce: readerOf('salesforce') };
  const deps = { connectedAccounts: () => Promise.resolve(accounts), accountReaders } as unknown as ProgramDeps;
  const { problems } = await checkWithAccounts(deps, 'ws_1', definition);
  return problems.map(({ path, code }) => `${path} ${code}`);
}

const base: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: null,
  rules: [],
  rewardRules: [],
};
const line = (field: string) => ({ field, from: 'program.name', value: null, onExisting: 'inherit' }) as const;

/** Lines of both CRMs in every map, and a rule on a field and on a stage of each. */
const both: ProgramDefinition = {
  ...base,
  decisions: {
    ...base.decisions,
    fieldUpdates: [
      { object: 'contact', field: 'plan', to: 'plan' },
      { object: 'contact', field: 'Plan__c', to: 'plan' },
    ],
  },
  rules: [
    contactRule({ id: 'rul_1', field: 'tier' }),
    contactRule({ id: 'rul_2', field: 'Tier__c' }),
    dealRule({ id: 'rul_3', values: ['won'] }),
    dealRule({ id: 'rul_4', field: 'StageName', pipelineId: '012000000000000AAA', values: ['won'] }),
  ],
  capture: { ...CAPTURE_DEFAULTS, map: [...CAPTURE_DEFAULTS.map, line('plan'), line('Plan__c')] },
  enrolment: {
    ...ENROLMENT_DEFAULTS,
    mapIn: [
      ...ENROLMENT_DEFAULTS.mapIn,
      { field: 'plan', to: 'plan', default: null },
      { field: 'Plan__c', to: 'plan', default: null },
    ],
    mapOut: [
      { from: 'code', field: 'tier' },
      { from: 'code', field: 'Tier__c' },
    ],
    contactValues: [
      { field: 'plan', value: 'x' },
      { field: 'Plan__c', value: 'x' },
    ],
  },
};

describe('a program that names fields of both CRMs', () => {
  it('is well made, and right with both accounts (RR-18, RR-21)', async () => {
    expect(
      checkDefinition({ ...both, landingUrl: 'https://example.com' }).map(({ path, code }) => `${path} ${code}`),
    ).toEqual([]);
    expect(await problemsWith(['hubspot', 'salesforce'], both)).toEqual([]);
  });

  it.each<[CrmName, readonly string[]]>([
    [
      'hubspot',
      [
        'rules.1.field field_unknown',
        'rules.3.pipelineId pipeline_unknown',
        'enrolment.mapIn.5.field field_unknown',
        'enrolment.mapOut.1.field field_unknown',
        'enrolment.contactValues.1.field field_unknown',
        'capture.map.5.field field_unknown',
        'decisions.fieldUpdates.1.field field_unknown',
      ],
    ],
    [
      'salesforce',
      [
        'rules.0.field field_unknown',
        'rules.2.pipelineId pipeline_unknown',
        'enrolment.mapIn.4.field field_unknown',
        'enrolment.mapOut.0.field field_unknown',
        'enrolment.contactValues.0.field field_unknown',
        'capture.map.4.field field_unknown',
        'decisions.fieldUpdates.0.field field_unknown',
      ],
    ],
  ])('is found out where %s is connected alone (RR-18, RR-21)', async (crm, found) => {
    expect(await problemsWith([crm], both)).toEqual(found);
  });

  it('is told of a field that its own account lacks, and of that alone (RR-18)', async () => {
    const typo = { ...both, capture: { ...both.capture, map: [...both.capture.map, line('Plam__c'), line('plam')] } };
    expect(await problemsWith(['hubspot', 'salesforce'], typo)).toEqual([
      'capture.map.7.field field_unknown',
      'capture.map.6.field field_unknown',
    ]);
  });

  it.each(['hubspot', 'salesforce'] as const)('raises no alarm in %s for what the other one has (E11)', (crm) => {
    const facts: AccountFacts = {
      ...NOTHING_KNOWN,
      pipelines: OFFERS[crm].pipelines,
      contactFields: OFFERS[crm].contact.map(text),
      leadFields: OFFERS[crm].lead.map(text),
    };
    expect(problemsOfCrm(findAlarms(both, facts), both, crm)).toEqual([]);
    const gone = problemsOfCrm(findAlarms(both, { ...facts, pipelines: [], contactFields: [] }), both, crm);
    const own =
      crm === 'hubspot'
        ? ['rules.0.field', 'rules.2.pipelineId', 'decisions.fieldUpdates.0.field']
        : ['rules.1.field', 'rules.3.pipelineId', 'decisions.fieldUpdates.1.field'];
    expect(gone.map(({ path }) => path)).toEqual(own);
  });
});

it('what a new program starts with is right in either CRM alone and in both (RR-17)', async () => {
  for (const crms of [['hubspot'], ['salesforce'], ['hubspot', 'salesforce']] as const) {
    expect(await problemsWith(crms, base), crms.join()).toEqual([]);
  }
});

describe('friends who are added as leads', () => {
  const facts: AccountFacts = {
    ...NOTHING_KNOWN,
    contactFields: OFFERS.salesforce.contact.map(text),
    leadFields: OFFERS.salesforce.lead.map(text),
  };
  const mapped = (personAs: 'contact' | 'lead', known = facts) => {
    const map = [...CAPTURE_DEFAULTS.map, line('Rating'), line('Plan__c'), line('Nope__c'), line('Name')];
    const definition = { ...base, capture: { ...CAPTURE_DEFAULTS, personAs, map } };
    return checkAccount(definition, known, 'salesforce').map(({ path, code }) => `${path} ${code}`);
  };

  it('may be given what only leads have, and what only contacts have goes to those who were there before (RR-16, RR-18)', () => {
    expect(mapped('lead')).toEqual(['capture.map.6.field field_unknown', 'capture.map.7.field field_not_writable']);
    expect(mapped('contact')).toEqual([
      'capture.map.4.field field_unknown',
      'capture.map.6.field field_unknown',
      'capture.map.7.field field_not_writable',
    ]);
  });

  it('are not judged by half of what the org has (RR-18)', () => {
    expect(mapped('lead', { ...facts, leadFields: null })).toEqual([]);
  });
});
