import { describe, expect, it } from 'vitest';
import { CAPTURE_DEFAULTS, type CaptureSettings } from '../../../shared/capture-settings.ts';
import {
  ADVOCATE_FACTS,
  ENROLMENT_DEFAULTS,
  type AdvocateFact,
  type EnrolmentSettings,
} from '../../../shared/enrolment-settings.ts';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition } from '../../../shared/program-definition.ts';
import type { FieldDescription } from '../../../backend/src/crm/port.ts';
import { NOTHING_KNOWN, type AccountFacts } from '../../../backend/src/qualification/account-facts.ts';
import { accountNeeds, checkAccount } from '../../../backend/src/qualification/check-account.ts';
import { contactRule, dealRule } from './build.ts';

const definition: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: null,
  rules: [],
  rewardRules: [],
};
const STATUSES = ['none', 'pending', 'approved', 'issued'];

function field(type: FieldDescription['type'], ...values: readonly string[]): FieldDescription {
  const options = values.map((value) => ({ value, label: value.toUpperCase() }));
  return { name: `a_${type}${values.length > 0 ? `_${values.length}` : ''}`, label: `A ${type}`, type, options };
}
const contactFields = [
  ...(['text', 'number', 'date', 'datetime', 'other'] as const).map((type) => field(type)),
  field('choice', 'lead', 'customer'),
  field('choice', ...STATUSES),
  field('boolean', 'true', 'false'),
  { ...field('datetime'), name: 'createdate' },
];
const facts: AccountFacts = {
  pipelines: [
    { id: 'sales', label: 'Sales', stages: [{ id: 'new', label: 'New', order: 0, won: false, lost: false }] },
    { id: 'other', label: 'Other', stages: [{ id: 'odd', label: 'Odd', order: 0, won: false, lost: false }] },
  ],
  contactFields,
  leadFields: null,
  companyFields: [],
  dealFields: [],
  contactRoles: [],
  owners: [{ id: '7', name: 'Olga Owner', email: null }],
};
const unknown = NOTHING_KNOWN;

function problems(input: Partial<ProgramDefinition>, known = facts): string[] {
  return checkAccount({ ...definition, ...input }, known, 'hubspot').map(({ path, code }) => `${path} ${code}`);
}
function withCapture(input: Partial<CaptureSettings>): Partial<ProgramDefinition> {
  return { capture: { ...CAPTURE_DEFAULTS, ...input } };
}
function withEnrolment(input: Partial<EnrolmentSettings>): Partial<ProgramDefinition> {
  return { enrolment: { ...ENROLMENT_DEFAULTS, ...input } };
}
const fixed = (name: string, value: string): Partial<ProgramDefinition> =>
  withCapture({ map: [...CAPTURE_DEFAULTS.map, { field: name, from: null, value, onExisting: 'inherit' }] });

describe('what is asked of the account', () => {
  const NOTHING = {
    pipelines: false,
    contactFields: false,
    leadFields: false,
    companyFields: false,
    dealFields: false,
    contactRoles: false,
    owners: false,
  };
  const FIXED_OWNER = { policy: 'fixed', ownerId: '7' } as const;
  const MAKES_DEALS = { ...CAPTURE_DEFAULTS.deal, policy: 'attach' } as const;

  it.each<[string, Partial<ProgramDefinition>, Partial<typeof NOTHING>]>([
    ['nothing for what a new program starts with', {}, {}],
    ['pipelines for a rule on a stage', { rules: [dealRule()] }, { pipelines: true }],
    ['properties for a rule on a contact', { rules: [contactRule()] }, { contactFields: true }],
    ['properties for a map of one’s own', fixed('a_text', 'x'), { contactFields: true }],
    ['pipelines for deals that are made', withCapture({ deal: MAKES_DEALS }), { pipelines: true }],
    ['owners for a fixed owner', withCapture({ owner: FIXED_OWNER }), { owners: true }],
    ['nothing for what is switched off', withCapture({ enabled: false, owner: FIXED_OWNER, deal: MAKES_DEALS }), {}],
    [
      'properties for what is read',
      withEnrolment({ mapIn: [{ field: 'x', to: 'x', default: null }] }),
      { contactFields: true },
    ],
  ])('%s', (_what, input, expected) => {
    expect(accountNeeds({ ...definition, ...input })).toEqual({ ...NOTHING, ...expected });
  });

  it('what could not be read refuses nothing', () => {
    expect(problems({ ...fixed('gone', 'x'), rules: [dealRule(), contactRule()] }, unknown)).toEqual([]);
  });
});

describe('maps', () => {
  it.each<[string, Partial<ProgramDefinition>, string[]]>([
    ['capture', fixed('gone', 'x'), ['capture.map.4.field field_unknown']],
    [
      'what is read',
      withEnrolment({ mapIn: [{ field: 'gone', to: 'x', default: null }] }),
      ['enrolment.mapIn.0.field field_unknown'],
    ],
    [
      'what is written back',
      withEnrolment({ mapOut: [{ from: 'link', field: 'gone' }] }),
      ['enrolment.mapOut.0.field field_unknown'],
    ],
    [
      'new contacts',
      withEnrolment({ contactValues: [{ field: 'gone', value: 'x' }] }),
      ['enrolment.contactValues.0.field field_unknown'],
    ],
    ['a property the CRM keeps', fixed('createdate', '2026-01-01'), ['capture.map.4.field field_not_writable']],
    [
      'reading a property the CRM keeps',
      withEnrolment({ mapIn: [{ field: 'createdate', to: 'since', default: null }] }),
      [],
    ],
  ])('name properties the account has and lets us write: %s (RF-14, RF-15, RF-32)', (_what, input, expected) => {
    expect(problems(input)).toEqual(expected);
  });

  it.each([
    ['a_choice_2', 'lead', null],
    ['a_choice_2', 'lead;customer', null],
    ['a_choice_2', 'Lead', 'option_unknown'],
    ['a_boolean_2', 'true', null],
    ['a_boolean_2', 'yes', 'option_unknown'],
    ['a_number', '12.5', null],
    ['a_number', 'twelve', 'value_invalid'],
    ['a_text', 'anything', null],
  ])('write to %s the fixed value %j (RF-35)', (name, value, code) => {
    expect(problems(fixed(name, value))).toEqual(code === null ? [] : [`capture.map.4.value ${code}`]);
    const values = withEnrolment({ contactValues: [{ field: name, value }] });
    expect(problems(values)).toEqual(code === null ? [] : [`enrolment.contactValues.0.value ${code}`]);
  });

  it.each<[AdvocateFact, string[]]>([
    ['link', ['a_text']],
    ['code', ['a_text']],
    ['referredCount', ['a_text', 'a_number']],
    ['qualifiedCount', ['a_text', 'a_number']],
    ['approvedCount', ['a_text', 'a_number']],
    ['rewardTotal', ['a_text', 'a_number']],
    ['rewardStatus', ['a_text', 'a_choice_4']],
    ['lastReferralAt', ['a_text', 'a_datetime']],
  ])('write %s to properties that can hold it, and to no others (RF-15)', (from, fitting) => {
    const writable = contactFields.map(({ name }) => name).filter((name) => name !== 'createdate');
    const refused = (name: string): string[] => problems(withEnrolment({ mapOut: [{ from, field: name }] }));
    expect(writable.filter((name) => refused(name).length === 0)).toEqual(fitting);
    expect(ADVOCATE_FACTS).toContain(from);
  });

  it('name the options a property lacks for the reward status', () => {
    const input = withEnrolment({ mapOut: [{ from: 'rewardStatus', field: 'a_choice_2' }] });
    const [found] = checkAccount({ ...definition, ...input }, facts, 'hubspot');
    expect(found?.code).toBe('options_missing');
    expect(found?.message).toContain('none, pending, approved, issued');
  });
});

describe('capture', () => {
  it.each<[string | null, string | null, string[]]>([
    ['sales', 'new', []],
    ['gone', 'new', ['capture.deal.pipelineId pipeline_unknown']],
    ['sales', 'odd', ['capture.deal.stageId stage_unknown']],
  ])('makes deals in a pipeline and a stage of it: %s, %s', (pipelineId, stageId, expected) => {
    const deal = { ...CAPTURE_DEFAULTS.deal, policy: 'create', pipelineId, stageId } as const;
    expect(problems(withCapture({ deal }))).toEqual(expected);
  });

  it('gives contacts to an owner who is there', () => {
    const owned = (ownerId: string) => withCapture({ owner: { policy: 'fixed', ownerId } });
    expect(problems(owned('7'))).toEqual([]);
    expect(problems(owned('8'))).toEqual(['capture.owner.ownerId owner_unknown']);
  });

  it('cannot make a second contact in HubSpot, and says why, also while HubSpot does not answer (C7)', () => {
    const input = withCapture({ duplicates: { policy: 'create_anyway', graceMinutes: 0 } });
    expect(problems(input, unknown)).toEqual(['capture.duplicates.policy policy_unsupported']);
    const [found] = checkAccount({ ...definition, ...input }, facts, 'hubspot');
    expect(found?.message).toContain('one contact per e-mail address');
    expect(checkAccount({ ...definition, ...input }, facts, 'salesforce')).toEqual([]);
  });
});
