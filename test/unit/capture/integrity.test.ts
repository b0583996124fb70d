import { describe, expect, it } from 'vitest';
import {
  checkIntegrity,
  type DealBefore,
  type IntegrityCheck,
  type IntegrityFacts,
  type Party,
  type Stated,
} from '../../../backend/src/capture/integrity.ts';
import { isFreeMail } from '../../../backend/src/capture/free-mail-domains.ts';
import type { IntegrityPolicy, IntegritySettings } from '../../../shared/integrity-settings.ts';
import { INTEGRITY_DEFAULTS } from '../../../shared/integrity-settings.ts';
import { REFERRED_AT } from './build.ts';

const HOUR_MS = 3_600_000;
const BEFORE = new Date(REFERRED_AT.getTime() - HOUR_MS);
const AFTER = new Date(REFERRED_AT.getTime() + HOUR_MS);

function told(value: string, field = 'email'): Stated {
  return { value, recordId: null, field };
}

function held(value: string, field: string, recordId = '501'): Stated {
  return { value, recordId, field };
}

function party(input: Partial<Party> = {}): Party {
  return { contactIds: [], emails: [], phones: [], companyIds: [], ...input };
}

const FRIEND = party({
  contactIds: ['501'],
  emails: [told('finn@acme.example')],
  phones: [told('+49 30 1111111', 'phone')],
});
const ADVOCATE = party({
  contactIds: ['601'],
  emails: [told('ada@example.com')],
  phones: [held('+49 30 2222222', 'phone', '601')],
});

function facts(input: Partial<IntegrityFacts> = {}): IntegrityFacts {
  return {
    referredAt: REFERRED_AT,
    friend: FRIEND,
    advocate: ADVOCATE,
    contact: null,
    deals: [],
    owners: new Map(),
    ...input,
  };
}

function deal(input: Partial<DealBefore> = {}): DealBefore {
  return {
    recordId: '801',
    ownerId: null,
    createdAt: BEFORE,
    closed: false,
    won: false,
    closedAt: null,
    ofCapture: false,
    ...input,
  };
}

const NONE: IntegritySettings = {
  selfReferral: 'allow',
  sameCompany: 'allow',
  ownDeal: 'allow',
  existingCustomer: 'allow',
  openDeal: 'allow',
};

/** What one check finds. */
function evidence(check: IntegrityCheck, input: Partial<IntegrityFacts>): readonly unknown[] {
  const [finding] = checkIntegrity(facts(input), { ...NONE, [check]: 'review' });
  return finding?.evidence ?? [];
}

const friend = (more: Partial<Party>): Partial<IntegrityFacts> => ({ friend: { ...FRIEND, ...more } });
const MAILBOX = [told('Ada'), told('ada+friend@example.com')];

describe('self-referral (E18)', () => {
  it.each<[string, Partial<IntegrityFacts>, unknown[]]>([
    ['two people who share nothing', {}, []],
    ['one contact of the CRM', friend({ contactIds: ['501', '601'] }), [{ shared: 'contact', recordId: '601' }]],
    [
      'a second address of the friend’s contact that is the advocate’s',
      friend({ emails: [told('finn@acme.example'), held('ada@example.com', 'hs_additional_emails')] }),
      [
        {
          shared: 'address',
          friend: { recordId: '501', field: 'hs_additional_emails' },
          advocate: { recordId: null, field: 'email' },
        },
      ],
    ],
    [
      'a second address of the advocate’s contact that is the friend’s',
      {
        advocate: {
          ...ADVOCATE,
          emails: [...ADVOCATE.emails, held('finn@acme.example', 'hs_additional_emails', '601')],
        },
      },
      [
        {
          shared: 'address',
          friend: { recordId: null, field: 'email' },
          advocate: { recordId: '601', field: 'hs_additional_emails' },
        },
      ],
    ],
    [
      'a plus alias of the advocate’s mailbox',
      friend({ emails: MAILBOX }),
      [
        {
          shared: 'mailbox',
          friend: { recordId: null, field: 'email' },
          advocate: { recordId: null, field: 'email' },
        },
      ],
    ],
    [
      'one telephone, however it is written',
      friend({ phones: [told('030 2222222', 'phone')] }),
      [{ shared: 'phone', friend: { recordId: null, field: 'phone' }, advocate: { recordId: '601', field: 'phone' } }],
    ],
  ])('%s', (_words, input, expected) => {
    expect(evidence('selfReferral', input)).toEqual(expected);
  });

  it('names records and fields, and no address or number: those can be erased where they stand', () => {
    const finding = evidence('selfReferral', { ...friend({ emails: MAILBOX, phones: ADVOCATE.phones }) });
    expect(finding).toHaveLength(2);
    expect(JSON.stringify(finding)).not.toMatch(/@|2222222/);
  });
});

describe('same company (E18)', () => {
  const at = (friendsIds: string[], advocatesIds: string[], email = 'ada@acme.example'): Partial<IntegrityFacts> => ({
    friend: { ...FRIEND, companyIds: friendsIds },
    advocate: { ...ADVOCATE, companyIds: advocatesIds, emails: [told(email)] },
  });

  it.each<[string, Partial<IntegrityFacts>, unknown[]]>([
    ['one company in the CRM', at(['900'], ['900']), [{ shared: 'company', recordId: '900' }]],
    ['two companies in the CRM, whatever their addresses say', at(['900'], ['901']), []],
    [
      'one domain where the CRM knows no company of one side',
      at([], ['901']),
      [{ shared: 'domain', domain: 'acme.example' }],
    ],
    ['one domain where it knows neither', at([], []), [{ shared: 'domain', domain: 'acme.example' }]],
    ['two domains', at([], [], 'ada@other.example'), []],
    [
      'a domain that gives a mailbox to anybody',
      {
        friend: { ...FRIEND, emails: [told('finn@gmail.com')] },
        advocate: { ...ADVOCATE, emails: [told('ada@gmail.com')] },
      },
      [],
    ],
  ])('%s', (_words, input, expected) => {
    expect(evidence('sameCompany', input)).toEqual(expected);
  });

  it.each([
    ['gmail.com', true],
    ['web.de', true],
    ['qq.com', true],
    ['acme.example', false],
    ['mail.acme.example', false],
  ])('%s is free mail: %s', (domain, free) => {
    expect(isFreeMail(domain)).toBe(free);
  });
});

describe('a rep who refers their own deal (E18)', () => {
  const owners = new Map([
    ['77', 'Ada@Example.com'],
    ['78', 'rob@example.com'],
  ]);
  const contactOf = (ownerId: string | null) => ({ recordId: '501', ownerId, customer: null });

  it.each<[string, Partial<IntegrityFacts>, unknown[]]>([
    [
      'the advocate owns the contact',
      { contact: contactOf('77') },
      [{ objectType: 'contact', recordId: '501', ownerId: '77' }],
    ],
    ['somebody else owns it', { contact: contactOf('78') }, []],
    ['nobody owns it', { contact: contactOf(null) }, []],
    ['its owner has left', { contact: contactOf('79') }, []],
    [
      'the advocate owns an open deal',
      { deals: [deal({ ownerId: '77' })] },
      [{ objectType: 'deal', recordId: '801', ownerId: '77' }],
    ],
    ['a deal that is long closed', { deals: [deal({ ownerId: '77', closed: true, closedAt: BEFORE })] }, []],
    ['a deal of our own making', { deals: [deal({ ownerId: '77', ofCapture: true })] }, []],
    ['a deal that came later', { deals: [deal({ ownerId: '77', createdAt: AFTER })] }, []],
  ])('%s', (_words, input, expected) => {
    expect(evidence('ownDeal', { ...input, owners })).toEqual(expected);
  });
});

describe('a customer before (G11)', () => {
  const customer = (since: Date | null) => ({ contact: { recordId: '501', ownerId: null, customer: { since } } });
  const won = (input: Partial<DealBefore>) => ({
    deals: [deal({ closed: true, won: true, closedAt: BEFORE, ...input })],
  });

  it.each<[string, Partial<IntegrityFacts>, number]>([
    ['nobody of the kind', { contact: { recordId: '501', ownerId: null, customer: null } }, 0],
    ['customer for an hour', customer(BEFORE), 1],
    ['customer from that very moment', customer(REFERRED_AT), 1],
    ['customer a while later', customer(AFTER), 0],
    ['customer, and the CRM does not say since when', customer(null), 1],
    ['a deal won before', won({}), 1],
    ['a deal won before, its date not filled in', won({ closedAt: null }), 1],
    ['a deal won since', won({ closedAt: AFTER }), 0],
    ['a deal made since', won({ createdAt: AFTER, closedAt: AFTER }), 0],
    ['a won deal of our own making', won({ ofCapture: true }), 0],
    ['a lost deal', { deals: [deal({ closed: true, closedAt: BEFORE })] }, 0],
    ['an open deal', { deals: [deal()] }, 0],
  ])('%s', (_words, input, expected) => {
    expect(evidence('existingCustomer', input)).toHaveLength(expected);
  });

  it('says since when, and which deal', () => {
    expect(evidence('existingCustomer', { ...customer(BEFORE), ...won({}) })).toEqual([
      { objectType: 'contact', recordId: '501', customerSince: BEFORE.toISOString() },
      { objectType: 'deal', recordId: '801', createdAt: BEFORE.toISOString(), wonAt: BEFORE.toISOString() },
    ]);
  });
});

describe('an open deal before (G11)', () => {
  it.each<[string, Partial<DealBefore>, number]>([
    ['open since before', {}, 1],
    ['open then, lost since', { closed: true, closedAt: AFTER }, 1],
    ['open then, won since', { closed: true, won: true, closedAt: AFTER }, 1],
    ['closed before', { closed: true, closedAt: BEFORE }, 0],
    ['closed, nobody knows when', { closed: true }, 0],
    ['made at that very moment', { createdAt: REFERRED_AT }, 0],
    ['made since', { createdAt: AFTER }, 0],
    ['made by our capture', { ofCapture: true }, 0],
  ])('%s', (_words, input, expected) => {
    expect(evidence('openDeal', { deals: [deal(input)] })).toHaveLength(expected);
  });
});

describe('policies', () => {
  const everything: IntegrityFacts = facts({
    friend: { ...FRIEND, contactIds: ['601'], companyIds: ['900'] },
    advocate: { ...ADVOCATE, companyIds: ['900'] },
    contact: { recordId: '501', ownerId: '77', customer: { since: BEFORE } },
    deals: [deal()],
    owners: new Map([['77', 'ada@example.com']]),
  });
  const all = (policy: IntegrityPolicy): IntegritySettings => ({
    selfReferral: policy,
    sameCompany: policy,
    ownDeal: policy,
    existingCustomer: policy,
    openDeal: policy,
  });

  it('what is allowed is not found', () => {
    expect(checkIntegrity(everything, all('allow'))).toEqual([]);
  });

  it('everything is found that is asked for, the same whatever the policy', () => {
    const checks = ['selfReferral', 'sameCompany', 'ownDeal', 'existingCustomer', 'openDeal'];
    expect(checkIntegrity(everything, all('review')).map(({ check }) => check)).toEqual(checks);
    expect(checkIntegrity(everything, all('deny')).map(({ policy }) => policy)).toEqual(checks.map(() => 'deny'));
  });

  it('the strongest comes first', () => {
    const settings: IntegritySettings = { ...all('review'), openDeal: 'deny' };
    expect(checkIntegrity(everything, settings).map(({ check, policy }) => [check, policy])[0]).toEqual([
      'openDeal',
      'deny',
    ]);
  });

  it('by default a person looks at self-referrals and at reps with a stake, and at nothing else (E18)', () => {
    expect(checkIntegrity(everything, INTEGRITY_DEFAULTS).map(({ check, policy }) => [check, policy])).toEqual([
      ['selfReferral', 'review'],
      ['ownDeal', 'review'],
    ]);
  });
});

it('a number that is only the end of another asks a person, also where the check denies (E18, G11)', () => {
  const deny: IntegritySettings = { ...INTEGRITY_DEFAULTS, selfReferral: 'deny' };
  const policyOf = (phone: string) =>
    checkIntegrity(facts({ friend: party({ phones: [told(phone, 'phone')] }) }), deny).map(({ policy }) => policy);
  expect(policyOf('30 2222222')).toEqual(['review']);
  expect(policyOf('030 2222222')).toEqual(['deny']);
});
