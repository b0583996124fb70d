import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAPTURE_DEFAULTS, type CaptureLine } from '../../../shared/capture-settings.ts';
import { crmOfField } from '../../../shared/crm-fields.ts';
import { ENROLMENT_DEFAULTS, SALESFORCE_MAP_IN } from '../../../shared/enrolment-settings.ts';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition, type RewardRule } from '../../../shared/program-definition.ts';
import type { CrmName } from '../../../backend/src/crm/port.ts';
import type { FieldProblem } from '../../../backend/src/qualification/check-problem.ts';
import { definitionOfCrm, problemsOfCrm, programsOfCrm } from '../../../backend/src/qualification/definition-of-crm.ts';
import { contactRule, dealRule } from './build.ts';

const EMPTY: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: null,
  rules: [],
  rewardRules: [],
};

const anyField = fc.constantFrom('tier', 'lifecyclestage', 'Tier__c', 'tier__c', 'LeadSource', 'acme__Level__pc');
const anyRule = anyField.map((field) => contactRule({ field }));
const anyLine = anyField.map((field): CaptureLine => ({
  field,
  from: 'friend.phone',
  value: null,
  onExisting: 'inherit',
}));
const anyReward = fc.option(anyField).map((field): RewardRule => {
  const base = { id: 'rwr_1', recipient: 'advocate', onStatus: 'approved', approval: 'manual' } as const;
  if (field === null) return { ...base, kind: 'fixed', amount: '1.00', currency: 'EUR' };
  return { ...base, kind: 'percent', percent: '1', saleValue: { object: 'contact', field } };
});
const some = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 5 });

const anyDefinition: fc.Arbitrary<ProgramDefinition> = fc
  .record({
    rules: some(anyRule),
    rewardRules: some(anyReward),
    map: some(anyLine),
    mapIn: some(
      anyField.map((field) => ({ field, to: field.replace(/^./, (first) => first.toLowerCase()), default: null })),
    ),
    mapOut: some(anyField.map((field) => ({ from: 'code' as const, field }))),
    contactValues: some(anyField.map((field) => ({ field, value: 'x' }))),
    updates: some(anyField.map((field) => ({ object: 'contact' as const, field, to: 'kept' }))),
    target: some(anyField.map((field) => ({ object: 'contact' as const, field, holds: 'external_id' as const }))),
    additional: some(anyField.map((field) => ({ object: 'contact' as const, field, holds: 'external_id' as const }))),
    member: some(anyField.map((field) => ({ object: 'deal' as const, field, holds: 'advocate_code' as const }))),
    pipelineId: fc.constantFrom(null, 'default', '012000000000000AAA'),
    ownerId: fc.constantFrom(null, '77', '005000000000001AAA'),
    where: fc.constantFrom('both' as const, 'hubspot' as const, 'salesforce' as const),
  })
  .map((drawn) => ({
    ...EMPTY,
    rules: drawn.rules,
    rewardRules: drawn.rewardRules,
    decisions: { ...EMPTY.decisions, fieldUpdates: drawn.updates },
    matching: { ...EMPTY.matching, target: drawn.target, additional: drawn.additional, member: drawn.member },
    capture: {
      ...CAPTURE_DEFAULTS,
      in: drawn.where,
      map: drawn.map,
      deal: {
        ...CAPTURE_DEFAULTS.deal,
        ...(drawn.pipelineId === null ? {} : { policy: 'create', pipelineId: drawn.pipelineId, stageId: 'new' }),
      },
      owner: drawn.ownerId === null ? CAPTURE_DEFAULTS.owner : { policy: 'fixed', ownerId: drawn.ownerId },
    },
    enrolment: {
      ...ENROLMENT_DEFAULTS,
      mapIn: drawn.mapIn,
      mapOut: drawn.mapOut,
      contactValues: drawn.contactValues,
    },
  }));

type Named = { readonly field: string };

/** Every line that names a field, by the list it stands in. */
function linesOf({ rules, rewardRules, decisions, matching, capture, enrolment }: ProgramDefinition) {
  return {
    rules,
    saleValues: rewardRules.flatMap((rule) => (rule.kind === 'percent' ? [rule.saleValue] : [])),
    fieldUpdates: decisions.fieldUpdates,
    target: matching.target,
    additional: matching.additional,
    member: matching.member,
    map: capture.map,
    mapOut: enrolment.mapOut,
    contactValues: enrolment.contactValues,
    // Salesforce reads a person's own details whatever a program says.
    mapIn: enrolment.mapIn.filter((line) => !SALESFORCE_MAP_IN.includes(line)),
  } satisfies Record<string, readonly Named[]>;
}

describe('what a program says to one CRM', () => {
  it('names none of the other one’s fields, and both together say everything, in its order (RR-18, RR-21)', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const whole = linesOf(definition);
        const parts = {
          hubspot: linesOf(definitionOfCrm(definition, 'hubspot')),
          salesforce: linesOf(definitionOfCrm(definition, 'salesforce')),
        };
        for (const list of Object.keys(whole) as (keyof typeof whole)[]) {
          for (const crm of ['hubspot', 'salesforce'] as const) {
            const own = (whole[list] as readonly Named[]).filter(({ field }) => crmOfField(field) === crm);
            expect(parts[crm][list], `${list} of ${crm}`).toEqual(own);
          }
        }
      }),
    );
  });

  it('makes deals and gives owners only where their ids come from, and amounts without a field in both (RR-18)', () => {
    fc.assert(
      fc.property(anyDefinition, (definition) => {
        const [hubspot, salesforce] = [
          definitionOfCrm(definition, 'hubspot'),
          definitionOfCrm(definition, 'salesforce'),
        ];
        const { deal, owner } = definition.capture;
        const making = [hubspot, salesforce].filter(({ capture }) => capture.deal.policy !== 'await');
        expect(making.map(({ capture }) => capture.deal)).toEqual(deal.policy === 'await' ? [] : [deal]);
        const giving = [hubspot, salesforce].filter(({ capture }) => capture.owner.policy === 'fixed');
        expect(giving.map(({ capture }) => capture.owner)).toEqual(owner.policy === 'fixed' ? [owner] : []);
        const fixed = (one: ProgramDefinition) => one.rewardRules.filter(({ kind }) => kind === 'fixed');
        expect([fixed(hubspot), fixed(salesforce)]).toEqual([fixed(definition), fixed(definition)]);
      }),
    );
  });

  it('creates people where the program says, and in both unless it says so (RR-16)', () => {
    const enabledIn = (where: 'both' | CrmName, enabled = true) => {
      const definition = { ...EMPTY, capture: { ...CAPTURE_DEFAULTS, enabled, in: where } };
      return (['hubspot', 'salesforce'] as const).filter((crm) => definitionOfCrm(definition, crm).capture.enabled);
    };
    expect([enabledIn('both'), enabledIn('hubspot'), enabledIn('salesforce'), enabledIn('both', false)]).toEqual([
      ['hubspot', 'salesforce'],
      ['hubspot'],
      ['salesforce'],
      [],
    ]);
  });

  it('reads a person’s own details in Salesforce without a line for them, and a line of one’s own goes first (RR-40)', () => {
    const own = { field: 'Nick_Name__c', to: 'firstName', default: null };
    const definition = { ...EMPTY, enrolment: { ...ENROLMENT_DEFAULTS, mapIn: [...ENROLMENT_DEFAULTS.mapIn, own] } };
    const [program] = programsOfCrm(
      [{ id: 'prg_1', key: 'one', version: 1, definition, versions: [], rewardRuleVersions: new Map() }],
      'salesforce',
    );
    const read = program?.definition.enrolment.mapIn.map(({ field, to }) => `${field}>${to}`);
    expect(read).toEqual(['Nick_Name__c>firstName', 'LastName>lastName', 'Email>email', 'Phone>phone']);
  });
});

describe('problems of one CRM', () => {
  const problem = (path: string): FieldProblem => ({ path, code: 'x', message: 'x', remedy: 'x' });
  const definition: ProgramDefinition = {
    ...EMPTY,
    rules: [
      contactRule({ field: 'Rating' }),
      dealRule(),
      dealRule({ field: 'StageName', pipelineId: '012000000000000AAA', values: ['Won'] }),
    ],
    rewardRules: [
      {
        id: 'rwr_1',
        recipient: 'advocate',
        onStatus: 'approved',
        approval: 'manual',
        kind: 'percent',
        percent: '1',
        saleValue: { object: 'deal', field: 'Amount' },
      },
    ],
    decisions: { ...EMPTY.decisions, primaryRole: 'Decision Maker' },
    capture: {
      ...CAPTURE_DEFAULTS,
      deal: { ...CAPTURE_DEFAULTS.deal, policy: 'create', pipelineId: 'default', stageId: 'new' },
      owner: { policy: 'fixed', ownerId: '005000000000001AAA' },
    },
  };

  it.each<[string, readonly CrmName[]]>([
    ['rules.0.field', ['salesforce']],
    ['rules.1.values.0', ['hubspot']],
    ['rules.2.pipelineId', ['salesforce']],
    ['rewardRules.0.saleValue.field', ['salesforce']],
    ['capture.map.0.field', ['hubspot']],
    ['capture.deal.stageId', ['hubspot']],
    ['capture.owner.ownerId', ['salesforce']],
    ['decisions.primaryRole', ['salesforce']],
    // About neither, so whoever asks is told.
    ['capture.duplicates.policy', ['hubspot', 'salesforce']],
    ['rules.9.field', ['hubspot', 'salesforce']],
  ])('%s is told of %j (RR-18, E11)', (path, crms) => {
    const told = (['hubspot', 'salesforce'] as const).filter(
      (crm) => problemsOfCrm([problem(path)], definition, crm).length > 0,
    );
    expect(told).toEqual(crms);
  });
});
