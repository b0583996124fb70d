import { describe, expect, it } from 'vitest';
import { CAPTURE_DEFAULTS, type CaptureLine, type CaptureSettings } from '../../../shared/capture-settings.ts';
import { ENROLMENT_DEFAULTS, type EnrolmentSettings } from '../../../shared/enrolment-settings.ts';
import { PAGE_DEFAULTS, type PageSettings } from '../../../shared/page-settings.ts';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition } from '../../../shared/program-definition.ts';
import { checkDefinition } from '../../../backend/src/qualification/check-definition.ts';
import { dealRule } from './build.ts';

const good: ProgramDefinition = {
  ...NEW_PROGRAM_SETTINGS,
  name: 'Friends',
  landingUrl: null,
  rules: [dealRule()],
  rewardRules: [],
};

function problems(input: Partial<ProgramDefinition>): string[] {
  return checkDefinition({ ...good, ...input }).map(({ path, code }) => `${path} ${code}`);
}
function capture(input: Partial<CaptureSettings>): string[] {
  return problems({ capture: { ...CAPTURE_DEFAULTS, ...input } });
}
function enrolment(input: Partial<EnrolmentSettings>): string[] {
  return problems({ enrolment: { ...ENROLMENT_DEFAULTS, ...input } });
}
function page(input: Partial<PageSettings>): string[] {
  return problems({ page: { ...PAGE_DEFAULTS, ...input } });
}
function line(input: Partial<CaptureLine>): CaptureLine {
  return { field: 'notes', from: 'advocate.name', value: null, onExisting: 'inherit', ...input };
}
function mapWith(...lines: readonly CaptureLine[]): readonly CaptureLine[] {
  return [...CAPTURE_DEFAULTS.map, ...lines];
}

it('a new program starts with settings that may be published', () => {
  expect(checkDefinition(good)).toEqual([]);
});

describe('capture', () => {
  it.each([
    ['the first name', ['friend.firstName'], ['The friend’s first name']],
    ['the e-mail address', ['friend.email'], ['The friend’s e-mail address']],
    ['both', ['friend.firstName', 'friend.email'], ['The friend’s first name', 'The friend’s e-mail address']],
  ])('cannot be switched on without a map of %s, and says so (RF-33)', (_what, without, details) => {
    const map = CAPTURE_DEFAULTS.map.filter(({ from }) => !without.includes(from ?? ''));
    const found = checkDefinition({ ...good, capture: { ...CAPTURE_DEFAULTS, map } });
    expect(found.map(({ path, code }) => [path, code])).toEqual(
      without.map(() => ['capture.map', 'required_map_missing']),
    );
    expect(found.map(({ message }) => message)).toEqual(
      details.map((detail) => `${detail} is not mapped, and capturing friends cannot be switched on without it.`),
    );
    expect(capture({ map, enabled: false })).toEqual([]);
  });

  it.each<[string, CaptureLine, string]>([
    ['the same property twice', line({ field: 'phone' }), 'field duplicate_field'],
    ['a property of ours', line({ field: 'passalong_referral_link' }), 'field own_field'],
    ['a property of ours for one program', line({ field: 'passalong_partners_referral_code' }), 'field own_field'],
    ['Salesforce’s name of one of ours', line({ field: 'Referral_Link__c' }), 'field own_field'],
    ['a blank property', line({ field: ' ' }), 'field field_missing'],
    ['an answer nobody is asked for', line({ from: 'friend.companySize' }), 'from source_unknown'],
    ['a fact programs do not have', line({ from: 'program.id' }), 'from source_unknown'],
  ])('refuses a line with %s (RF-32)', (_what, added, problem) => {
    expect(capture({ map: mapWith(added) })).toEqual([`capture.map.4.${problem}`]);
  });

  it.each<[string, Partial<CaptureLine>]>([
    ['the advocate’s address', { from: 'advocate.email' }],
    ['a fixed address', { from: null, value: 'someone@example.com' }],
    ['an address for friends without one', { from: 'friend.email', value: 'someone@example.com' }],
  ])('lets the e-mail property hold nothing but the friend’s own: not %s', (_what, input) => {
    const [first, ...rest] = CAPTURE_DEFAULTS.map;
    expect(first?.field).toBe('email');
    const also = line({ field: 'second_email', from: 'friend.email' });
    expect(capture({ map: [line({ field: 'email', ...input }), ...rest, also] })).toEqual([
      'capture.map.0.field email_field_taken',
    ]);
  });

  it('takes answers of the page’s questions, and whatever an advocate brings along (RF-32)', () => {
    const questions = [{ key: 'companySize', label: 'How many?', required: false, options: [] }];
    const map = mapWith(
      line({ from: 'friend.companySize' }),
      line({ field: 'tier', from: 'advocate.tier' }),
      line({ field: 'program', from: 'program.key' }),
    );
    expect(problems({ capture: { ...CAPTURE_DEFAULTS, map }, page: { ...PAGE_DEFAULTS, questions } })).toEqual([]);
  });

  it.each<[Partial<CaptureSettings['deal']>, string[]]>([
    [{ policy: 'create' }, ['pipelineId pipeline_missing', 'stageId stage_missing']],
    [{ policy: 'attach', pipelineId: 'default' }, ['stageId stage_missing']],
    [{ policy: 'create', pipelineId: ' ', stageId: 'new' }, ['pipelineId pipeline_missing']],
    [{ policy: 'create', pipelineId: 'default', stageId: 'new' }, []],
    [{ policy: 'await' }, []],
    [{ name: '{friend} of {advocate} in {program}' }, []],
    [{ name: '{freind}' }, ['name placeholder_unknown']],
    [{ name: 'half a {friend' }, ['name placeholder_unknown']],
  ])('judges the deal %j', (deal, expected) => {
    const found = capture({ deal: { ...CAPTURE_DEFAULTS.deal, ...deal } });
    expect(found).toEqual(expected.map((text) => `capture.deal.${text}`));
  });

  it('wants the owner where one is fixed', () => {
    expect(capture({ owner: { policy: 'fixed', ownerId: null } })).toEqual(['capture.owner.ownerId owner_missing']);
    expect(capture({ owner: { policy: 'fixed', ownerId: '5' } })).toEqual([]);
    expect(capture({ owner: { policy: 'advocate_owner', ownerId: null } })).toEqual([]);
  });
});

describe('enrolment', () => {
  it.each([
    ['firstName', 'The advocate’s first name'],
    ['email', 'The advocate’s e-mail address'],
  ])('cannot be switched on without a map to %s, and says so (RF-40)', (to, detail) => {
    const mapIn = ENROLMENT_DEFAULTS.mapIn.filter((known) => known.to !== to);
    const [found, ...more] = checkDefinition({ ...good, enrolment: { ...ENROLMENT_DEFAULTS, mapIn } });
    expect([found?.path, found?.code, more]).toEqual(['enrolment.mapIn', 'required_map_missing', []]);
    expect(found?.message).toBe(`${detail} is not mapped, and enrolling contacts cannot be switched on without it.`);
    expect(enrolment({ mapIn, enabled: false })).toEqual([]);
  });

  it('fills each detail once, and gives nobody the e-mail address of another (RF-14)', () => {
    const twice = [...ENROLMENT_DEFAULTS.mapIn, { field: 'mobilephone', to: 'phone', default: null }];
    expect(enrolment({ mapIn: twice })).toEqual(['enrolment.mapIn.4.to duplicate_target']);
    const shared = ENROLMENT_DEFAULTS.mapIn.map((known) => ({ ...known, default: 'x@example.com' }));
    expect(enrolment({ mapIn: shared })).toEqual(['enrolment.mapIn.2.default default_not_allowed']);
    const blank = [...ENROLMENT_DEFAULTS.mapIn, { field: ' ', to: 'tier', default: null }];
    expect(enrolment({ mapIn: blank })).toEqual(['enrolment.mapIn.4.field field_missing']);
  });

  it('writes back to properties that are not ours, not the e-mail, and each once (RF-15, RF-41)', () => {
    const link = { from: 'link', field: 'their_link' } as const;
    expect(enrolment({ mapOut: [link, { from: 'code', field: 'their_link' }] })).toEqual([
      'enrolment.mapOut.1.field duplicate_field',
    ]);
    expect(enrolment({ mapOut: [{ ...link, field: 'passalong_referral_link' }] })).toEqual([
      'enrolment.mapOut.0.field own_field',
    ]);
    expect(
      enrolment({
        mapOut: [link],
        contactValues: [
          { field: 'their_link', value: 'x' },
          { field: 'email', value: 'x@example.com' },
        ],
      }),
    ).toEqual(['enrolment.contactValues.0.field duplicate_field', 'enrolment.contactValues.1.field email_field_taken']);
  });
});

describe('the pages', () => {
  it('refuse two questions of one key, and keys every form has already', () => {
    const question = { key: 'size', label: 'Size', required: false, options: [] };
    const questions = [
      question,
      question,
      ...['firstName', 'lastName', 'email', 'phone'].map((key) => ({ ...question, key })),
    ];
    expect(page({ questions })).toEqual([
      'page.questions.1.key duplicate_key',
      ...[2, 3, 4, 5].map((index) => `page.questions.${index}.key key_reserved`),
    ]);
  });

  it.each([
    ['https://www.example.com', true],
    ['http://localhost:8080', true],
    ['https://www.example.com:443', false],
    ['http://127.1', false],
    ['https://www.example.com:99999', false],
  ])('take the origin %s only as a browser would send it: %s', (origin, fits) => {
    expect(page({ allowedOrigins: [origin] })).toEqual(fits ? [] : ['page.allowedOrigins.0 origin_invalid']);
  });
});

it('explains every refused setting in words with a remedy', () => {
  const found = checkDefinition({
    ...good,
    enrolment: {
      ...ENROLMENT_DEFAULTS,
      mapIn: [],
      mapOut: [{ from: 'link', field: 'passalong_x' }],
      contactValues: [{ field: ' ', value: 'x' }],
    },
    capture: {
      ...CAPTURE_DEFAULTS,
      map: [line({ field: 'email' }), line({ from: 'friend.x' })],
      deal: { ...CAPTURE_DEFAULTS.deal, policy: 'create', name: '{x}' },
      owner: { policy: 'fixed', ownerId: null },
    },
    page: { ...PAGE_DEFAULTS, allowedOrigins: ['https://A.example'] },
  });
  expect(found).toHaveLength(13);
  for (const { message, remedy } of found) {
    expect(message).toMatch(/^[A-Zp].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
  }
});
