import { CAPTURE_DEFAULTS, type CaptureLine, type CaptureSettings } from '../../../shared/capture-settings.ts';
import { ENROLMENT_DEFAULTS, type EnrolmentSettings } from '../../../shared/enrolment-settings.ts';
import { NEW_PROGRAM_SETTINGS, type ProgramDefinition } from '../../../shared/program-definition.ts';
import type { PersonFacts, ReferralFacts } from '../../../backend/src/capture/capture-subject.ts';
import type { CrmRecord, FieldValues } from '../../../backend/src/crm/port.ts';
import type { PublishedProgram } from '../../../backend/src/qualification/published-programs.ts';

/** Small makers for referrals, programs and contacts, so that a test shows only what matters to it. */
export const REFERRED_AT = new Date('2026-11-02T09:00:00.000Z');
export const REFERRAL_ID = 'ref_00000000000000000001';

export type ProgramInput = {
  readonly id?: string;
  readonly capture?: Partial<CaptureSettings>;
  readonly enrolment?: Partial<EnrolmentSettings>;
};

export function program({ id = 'prg_1', capture = {}, enrolment = {} }: ProgramInput = {}): PublishedProgram {
  const definition: ProgramDefinition = {
    ...NEW_PROGRAM_SETTINGS,
    name: 'Customer referrals',
    landingUrl: null,
    rules: [],
    rewardRules: [],
    capture: { ...CAPTURE_DEFAULTS, ...capture },
    enrolment: { ...ENROLMENT_DEFAULTS, ...enrolment },
  };
  const versions = [{ version: 1, definition }];
  return { id, key: 'customers', version: 1, definition, versions, rewardRuleVersions: new Map() };
}

export function person(input: Partial<PersonFacts> = {}): PersonFacts {
  return {
    firstName: 'Finn',
    lastName: 'Friend',
    email: 'finn@example.org',
    phone: '+49 30 1',
    details: {},
    ...input,
  };
}

export function facts(input: Partial<ReferralFacts> = {}): ReferralFacts {
  return {
    referralId: REFERRAL_ID,
    status: 'pending',
    heldFor: null,
    source: 'form',
    referredAt: REFERRED_AT,
    answers: {},
    program: program(),
    friend: person(),
    advocate: {
      ...person({ firstName: 'Ada', lastName: 'Advocate', email: 'ada@example.com', phone: '+49 30 2' }),
      personId: 'per_ada',
      code: 'bcdfghjkmn',
      link: 'https://go.example.com/r/bcdfghjkmn',
    },
    ...input,
  };
}

export function contact(values: FieldValues = {}, createdAt = new Date('2024-01-01T00:00:00.000Z')): CrmRecord {
  return { objectType: 'contact', id: '501', values, createdAt, modifiedAt: createdAt, mergedIds: [] };
}

export function line(input: Partial<CaptureLine> & Pick<CaptureLine, 'field'>): CaptureLine {
  return { from: null, value: null, onExisting: 'inherit', ...input };
}
