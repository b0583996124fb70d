import type { IntegrityPolicy, IntegritySettings } from '../../../shared/integrity-settings.ts';
import { emailIdentity } from '../referrals/email.ts';
import { isFreeMail } from './free-mail-domains.ts';
import { comparePhones, type PhoneLikeness } from './same-phone.ts';

/** A value and where it was read: a field of a contact, or what we were told ourselves. */
export type Stated = { readonly value: string; readonly recordId: string | null; readonly field: string };

/** Somebody by what we were told and by what their contacts in the CRM say. */
export type Party = {
  readonly contactIds: readonly string[];
  readonly emails: readonly Stated[];
  readonly phones: readonly Stated[];
  readonly companyIds: readonly string[];
};

/** The friend's contact in the CRM, when it was there before anything came of the referral. */
export type ContactBefore = {
  readonly recordId: string;
  readonly ownerId: string | null;
  /** The lifecycle stage says customer, and since when, where the CRM says that; null: it does not. */
  readonly customer: { readonly since: Date | null } | null;
};

export type DealBefore = {
  readonly recordId: string;
  readonly ownerId: string | null;
  readonly createdAt: Date;
  readonly closed: boolean;
  readonly won: boolean;
  readonly closedAt: Date | null;
  /** Made by a capture of ours: what a referral brought says nothing against it. */
  readonly ofCapture: boolean;
};

export type IntegrityFacts = {
  /** On the CRM's clock, as every time here. */
  readonly referredAt: Date;
  readonly friend: Party;
  readonly advocate: Party;
  readonly contact: ContactBefore | null;
  readonly deals: readonly DealBefore[];
  /** Addresses of the CRM's users, by owner id. */
  readonly owners: ReadonlyMap<string, string>;
};

export type IntegrityCheck = keyof IntegritySettings;

/** What was found and where, by record ids and fields: what stands there can still be erased there. */
export type IntegrityFinding = {
  readonly check: IntegrityCheck;
  readonly policy: Exclude<IntegrityPolicy, 'allow'>;
  readonly evidence: readonly IntegrityEvidence[];
};

type Place = Omit<Stated, 'value'>;

export type IntegrityEvidence =
  | { readonly shared: 'contact'; readonly recordId: string }
  | {
      readonly shared: 'address' | 'mailbox' | 'phone';
      readonly friend: Place;
      readonly advocate: Place;
      /** The two may be different ones that end alike: nobody is denied for that alone. */
      readonly unsure?: true;
    }
  | { readonly shared: 'company'; readonly recordId: string }
  | { readonly shared: 'domain'; readonly domain: string }
  | { readonly objectType: 'contact' | 'deal'; readonly recordId: string; readonly ownerId: string }
  | { readonly objectType: 'contact'; readonly recordId: string; readonly customerSince: string | null }
  | {
      readonly objectType: 'deal';
      readonly recordId: string;
      readonly createdAt: string;
      readonly wonAt?: string | null;
    };

const CHECKS: Readonly<Record<IntegrityCheck, (facts: IntegrityFacts) => readonly IntegrityEvidence[]>> = {
  selfReferral: sharedBetween,
  sameCompany,
  ownDeal,
  existingCustomer,
  openDeal,
};

const STRENGTH = { deny: 0, review: 1 } as const;

/** What speaks against a referral by the program's settings (E18, G11), the strongest first. Pure. */
export function checkIntegrity(facts: IntegrityFacts, settings: IntegritySettings): readonly IntegrityFinding[] {
  const findings = (Object.keys(CHECKS) as IntegrityCheck[]).flatMap((check): IntegrityFinding[] => {
    const policy = settings[check];
    const evidence = policy === 'allow' ? [] : CHECKS[check](facts);
    if (policy === 'allow' || evidence.length === 0) return [];
    return [{ check, policy: evidence.every(isUnsure) ? 'review' : policy, evidence }];
  });
  return findings.sort((a, b) => STRENGTH[a.policy] - STRENGTH[b.policy]);
}

function isUnsure(evidence: IntegrityEvidence): boolean {
  return 'unsure' in evidence;
}

function sharedBetween({ friend, advocate }: IntegrityFacts): IntegrityEvidence[] {
  const contacts = friend.contactIds.filter((id) => advocate.contactIds.includes(id));
  return [
    ...contacts.map((recordId) => ({ shared: 'contact' as const, recordId })),
    ...pairs(friend.emails, advocate.emails, sameAddress).map((pair) => ({ shared: 'address' as const, ...pair })),
    ...pairs(friend.emails, advocate.emails, sameMailbox).map((pair) => ({ shared: 'mailbox' as const, ...pair })),
    ...pairs(friend.phones, advocate.phones, alike('same')).map((pair) => ({ shared: 'phone' as const, ...pair })),
    ...pairs(friend.phones, advocate.phones, alike('unsure')).map((pair) => ({
      shared: 'phone' as const,
      ...pair,
      unsure: true as const,
    })),
  ];
}

type Pair = { readonly friend: Place; readonly advocate: Place };

function pairs(ones: readonly Stated[], others: readonly Stated[], same: (a: string, b: string) => boolean): Pair[] {
  return ones.flatMap((one) =>
    others.flatMap((other) =>
      same(one.value, other.value) ? [{ friend: placeOf(one), advocate: placeOf(other) }] : [],
    ),
  );
}

function alike(likeness: PhoneLikeness) {
  return (one: string, other: string): boolean => comparePhones(one, other) === likeness;
}

function placeOf({ recordId, field }: Stated): Place {
  return { recordId, field };
}

function sameAddress(one: string, other: string): boolean {
  return one === other;
}

/** Differing by the plus tag alone. */
function sameMailbox(one: string, other: string): boolean {
  const identity = emailIdentity(one);
  return one !== other && identity !== null && identity === emailIdentity(other);
}

/** By the CRM's companies where both sides have one, else by the domains of their addresses. */
function sameCompany({ friend, advocate }: IntegrityFacts): IntegrityEvidence[] {
  if (friend.companyIds.length > 0 && advocate.companyIds.length > 0) {
    const common = friend.companyIds.filter((id) => advocate.companyIds.includes(id));
    return common.map((recordId) => ({ shared: 'company', recordId }));
  }
  const theirs = domainsOf(advocate);
  const common = [...domainsOf(friend)].filter((domain) => theirs.has(domain) && !isFreeMail(domain));
  return common.map((domain) => ({ shared: 'domain', domain }));
}

function domainsOf({ emails }: Party): ReadonlySet<string> {
  return new Set(emails.flatMap(({ value }) => emailIdentity(value)?.split('@').slice(1) ?? []));
}

/** A rep who refers somebody they work on already: of deals only the open ones are work. */
function ownDeal({ advocate, contact, deals, owners, referredAt }: IntegrityFacts): IntegrityEvidence[] {
  const theirs = (ownerId: string | null): ownerId is string => {
    const email = ownerId === null ? undefined : owners.get(ownerId)?.toLowerCase();
    return email !== undefined && advocate.emails.some(({ value }) => value === email);
  };
  const evidence: IntegrityEvidence[] = [];
  if (contact && theirs(contact.ownerId))
    evidence.push({ objectType: 'contact', recordId: contact.recordId, ownerId: contact.ownerId });
  for (const { recordId, ownerId } of deals.filter((deal) => isOpenBefore(deal, referredAt)))
    if (theirs(ownerId)) evidence.push({ objectType: 'deal', recordId, ownerId });
  return evidence;
}

function existingCustomer({ contact, deals, referredAt }: IntegrityFacts): IntegrityEvidence[] {
  const evidence: IntegrityEvidence[] = [];
  const since = contact?.customer?.since ?? null;
  if (contact?.customer && (since === null || since <= referredAt))
    evidence.push({
      objectType: 'contact',
      recordId: contact.recordId,
      customerSince: since === null ? null : since.toISOString(),
    });
  for (const deal of deals.filter(({ ofCapture, won }) => won && !ofCapture))
    if (wasThere(deal, referredAt) && (deal.closedAt === null || deal.closedAt <= referredAt))
      evidence.push({ ...dealEvidence(deal), wonAt: deal.closedAt === null ? null : deal.closedAt.toISOString() });
  return evidence;
}

function openDeal({ deals, referredAt }: IntegrityFacts): IntegrityEvidence[] {
  return deals.filter((deal) => isOpenBefore(deal, referredAt)).map(dealEvidence);
}

/** Open at the moment of the referral, also when it was closed since. */
function isOpenBefore(deal: DealBefore, referredAt: Date): boolean {
  if (deal.ofCapture || !wasThere(deal, referredAt)) return false;
  return !deal.closed || (deal.closedAt !== null && deal.closedAt > referredAt);
}

function wasThere({ createdAt }: DealBefore, referredAt: Date): boolean {
  return createdAt < referredAt;
}

function dealEvidence({ recordId, createdAt }: DealBefore) {
  return { objectType: 'deal' as const, recordId, createdAt: createdAt.toISOString() };
}
