import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IntegritySettings } from '../../shared/integrity-settings.ts';
import { CUSTOMER_RULES, openSite, type Capture, type Site } from './capture.ts';
import { ownProperties } from './program.ts';
import { openStage, type Stage } from './stage.ts';

const YEAR_MS = 365 * 86_400_000;
const ADVOCATE = 'ada.advocate@example.com';

const SITES = {
  /** What a program does that says nothing about it. */
  defaults: {},
  allowing: { integrity: { selfReferral: 'allow', ownDeal: 'allow' } },
  reviewing: { integrity: { sameCompany: 'review', existingCustomer: 'review', openDeal: 'review' } },
  denying: {
    integrity: {
      selfReferral: 'deny',
      sameCompany: 'deny',
      ownDeal: 'deny',
      existingCustomer: 'deny',
      openDeal: 'deny',
    },
    deal: { policy: 'create', pipelineId: 'default', stageId: 'qualifiedtobuy' },
  },
} as const satisfies Record<string, { integrity?: Partial<IntegritySettings>; deal?: Capture['deal'] }>;

let stage: Stage;
const sites = new Map<string, Site>();
const site = (name: keyof typeof SITES): Site => sites.get(name)!;

beforeAll(async () => {
  stage = await openStage();
  for (const [index, [name, settings]] of Object.entries(SITES).entries()) {
    const { integrity = {}, deal = {} } = settings as { integrity?: object; deal?: object };
    const more = { ...CUSTOMER_RULES, integrity, decisions: { alreadyMet: 'qualify' } };
    sites.set(name, await openSite(stage, 2801 + index, { deal }, more));
  }
});

afterAll(() => stage.close());

async function reviewKey(entryId: string): Promise<unknown> {
  const [row] = await stage.rows('select review_key from entries where id = $1', [entryId]);
  return row?.['review_key'];
}

type Known = {
  readonly email: string;
  readonly values?: Record<string, string>;
  readonly deal?: Record<string, string>;
};

/** Somebody the sales team knew a year before anybody refers them. @returns the contact's id, and its deal's. */
function knownForAYear(of: Site, { email, values = {}, deal }: Known): { contactId: string; dealId: string } {
  const contactId = of.portal.createContact({ email, ...values });
  const given = { dealname: 'Old deal', pipeline: 'default', ...deal };
  const dealId = deal ? of.portal.createDeal(given, [contactId]) : '';
  stage.clock.advance(YEAR_MS);
  return { contactId, dealId };
}

async function settled(of: Site, email: string, more: Record<string, unknown> = {}) {
  const referralId = await of.refer(email, more);
  const referredAt = new Date(stage.clock.now()).toISOString();
  await stage.settle();
  const [entry, ...others] = await of.entries(referralId);
  expect(others).toEqual([]);
  return { referralId, referredAt, entry, referral: await of.referral(referralId) };
}

describe('a referral that looks like the advocate’s own (E18)', () => {
  test('by default a person is asked, sees what both share, and says that it counts; until then nothing is decided', async () => {
    const asking = site('defaults');
    const { advocateContactId } = asking.launched;
    asking.portal.setProperties('contacts', advocateContactId, { mobilephone: '030 / 123 45 67' });
    const { referralId, referredAt, entry, referral } = await settled(asking, 'spouse@example.org', {
      phone: '+49 30 1234567',
    });
    const reason = 'Waiting for review: friend and advocate share a phone number';
    expect(referral).toMatchObject({ status: 'pending', statusReason: reason });
    expect(entry).toMatchObject({
      state: 'review',
      reasonCode: 'integrity',
      reason,
      approvable: true,
    });
    expect(await reviewKey(entry.id)).toBe('integrity:selfReferral');
    expect(entry.trace).toEqual({
      integrity: {
        referredAt,
        clockOffsetMs: 0,
        findings: [
          {
            check: 'selfReferral',
            policy: 'review',
            evidence: [
              {
                shared: 'phone',
                friend: { recordId: null, field: 'phone' },
                advocate: { recordId: advocateContactId, field: 'mobilephone' },
              },
            ],
          },
        ],
      },
    });
    // Sales may call them meanwhile, and what happens to the contact decides nothing yet.
    const contactId = asking.contact('spouse@example.org').id;
    asking.portal.setProperties('contacts', contactId, { lifecyclestage: 'customer' });
    await stage.settle();
    expect((await asking.referral(referralId)).status).toBe('pending');
    const approved = await asking.tenant.api('POST', `/entries/${entry.id}/approve`, { note: 'They are married.' });
    expect(approved.status).toBe(200);
    await stage.settle();
    expect(await asking.referral(referralId)).toMatchObject({ status: 'approved', rewards: [{ state: 'approved' }] });
    expect(asking.portal.find('contacts', 'email', 'spouse@example.org')).toHaveLength(1);
  });

  test('a person says no: the referral is denied for good', async () => {
    const asking = site('defaults');
    const { referralId, entry } = await settled(asking, 'cousin@example.org', { phone: '030 1234567' });
    expect((await asking.tenant.api('POST', `/entries/${entry.id}/reject`, {})).status).toBe(200);
    await stage.settle();
    expect(await asking.referral(referralId)).toMatchObject({ status: 'denied', rewards: [] });
    const contactId = asking.contact('cousin@example.org').id;
    asking.portal.setProperties('contacts', contactId, { lifecyclestage: 'customer' });
    await stage.settle();
    expect(await asking.referral(referralId)).toMatchObject({ status: 'denied', rewards: [] });
  });

  test('a second address of the advocate’s own contact is theirs, and nothing is written to it', async () => {
    const asking = site('defaults');
    const second = asking.portal.createContact({ email: 'ada.private@example.net' });
    asking.portal.merge('contacts', asking.launched.advocateContactId, second);
    await stage.settle();
    const own = asking.contact(ADVOCATE);
    expect(own.properties['hs_additional_emails']).toBe('ada.private@example.net');
    const before = ownProperties(stage, asking.tenant.portalId, own.id);
    const { entry, referral } = await settled(asking, 'ada.private@example.net');
    const reason = 'Waiting for review: friend and advocate are one contact in the CRM';
    expect(referral).toMatchObject({ status: 'pending', statusReason: reason });
    expect(entry).toMatchObject({ state: 'review', reasonCode: 'integrity' });
    expect(await reviewKey(entry.id)).toBe('integrity:selfReferral');
    expect(entry.trace.integrity.findings[0].evidence).toEqual(
      expect.arrayContaining([{ shared: 'contact', recordId: own.id }]),
    );
    expect(JSON.stringify(entry.trace)).not.toContain('@');
    const after = ownProperties(stage, asking.tenant.portalId, own.id);
    expect(after['passalong_referral_id']).toBe(before['passalong_referral_id']);
  });

  test('a program that denies ends it at once, with the cause and the evidence, and makes no contact', async () => {
    const denying = site('denying');
    denying.portal.setProperties('contacts', denying.launched.advocateContactId, { phone: '+44 20 7946 0018' });
    const { entry, referral } = await settled(denying, 'self@example.org', { phone: '020 7946 0018' });
    const reason = 'Not accepted by this program: friend and advocate share a phone number';
    expect(referral).toMatchObject({ status: 'denied', statusReason: reason });
    expect(referral.history.at(-1)).toMatchObject({ to: 'denied', cause: 'integrity', entryId: entry.id });
    expect(entry).toMatchObject({ state: 'processed', reasonCode: 'integrity', reason, recordId: null });
    expect(denying.portal.find('contacts', 'email', 'self@example.org')).toEqual([]);
    expect(denying.createCalls('deals')).toEqual([]);
  });
});

describe('one company (E18)', () => {
  test('that the CRM knows of both sides is asked about', async () => {
    const asking = site('reviewing');
    const companyId = asking.portal.createCompany({ name: 'Acme' });
    asking.portal.associate(['contacts', asking.launched.advocateContactId], ['companies', companyId]);
    const { contactId } = knownForAYear(asking, { email: 'colleague@other.example' });
    asking.portal.associate(['contacts', contactId], ['companies', companyId]);
    await stage.settle();
    const { entry } = await settled(asking, 'colleague@other.example');
    expect(entry).toMatchObject({ state: 'review', reasonCode: 'integrity', recordId: contactId });
    expect(await reviewKey(entry.id)).toBe('integrity:sameCompany');
    expect(entry.trace.integrity.findings[0].evidence).toEqual([{ shared: 'company', recordId: companyId }]);
  });

  test('the domain of both addresses says so where the CRM does not', async () => {
    const { entry } = await settled(site('denying'), 'colleague@example.com');
    expect(entry).toMatchObject({ state: 'processed', reasonCode: 'integrity' });
    expect(entry.trace.integrity.findings).toEqual([
      { check: 'sameCompany', policy: 'deny', evidence: [{ shared: 'domain', domain: 'example.com' }] },
    ]);
  });
});

describe('a rep who refers what they own (E18)', () => {
  test('the friend’s contact and open deal are the advocate’s own: a person is asked', async () => {
    const asking = site('defaults');
    const ownerId = asking.portal.addOwner({ firstName: 'Ada', lastName: 'Advocate', email: ADVOCATE });
    const { contactId, dealId } = knownForAYear(asking, {
      email: 'lead@example.org',
      values: { hubspot_owner_id: ownerId },
      deal: { dealstage: 'qualifiedtobuy', hubspot_owner_id: ownerId },
    });
    const { entry } = await settled(asking, 'lead@example.org');
    expect(entry).toMatchObject({ state: 'review', reasonCode: 'integrity', recordId: contactId });
    expect(await reviewKey(entry.id)).toBe('integrity:ownDeal');
    expect(entry.trace.integrity.findings[0].evidence).toEqual([
      { objectType: 'contact', recordId: contactId, ownerId },
      { objectType: 'deal', recordId: dealId, ownerId },
    ]);
  });

  test('what somebody else owns is nothing to ask about', async () => {
    const asking = site('defaults');
    const ownerId = asking.portal.addOwner({ firstName: 'Rob', lastName: 'Rep', email: 'rob.rep@example.com' });
    knownForAYear(asking, { email: 'fine@example.org', values: { hubspot_owner_id: ownerId } });
    const { entry, referralId } = await settled(asking, 'fine@example.org');
    expect(entry).toBeUndefined();
    expect(await asking.heldFor(referralId)).toBeNull();
  });
});

describe('a customer or an open deal from before (G11)', () => {
  test('customers and won deals are asked about, with since when', async () => {
    const asking = site('reviewing');
    const { contactId, dealId } = knownForAYear(asking, {
      email: 'customer@example.org',
      values: { lifecyclestage: 'customer' },
      deal: { dealstage: 'closedwon' },
    });
    const contact = asking.portal.get('contacts', contactId)!.properties;
    const deal = asking.portal.get('deals', dealId)!.properties;
    const { entry, referral } = await settled(asking, 'customer@example.org');
    expect(referral).toMatchObject({
      status: 'pending',
      statusReason: 'Waiting for review: the friend was a customer before the referral',
    });
    expect(entry).toMatchObject({ state: 'review', reasonCode: 'integrity' });
    expect(await reviewKey(entry.id)).toBe('integrity:existingCustomer');
    expect(entry.trace.integrity.findings[0].evidence).toEqual([
      { objectType: 'contact', recordId: contactId, customerSince: contact['hs_v2_date_entered_customer'] },
      { objectType: 'deal', recordId: dealId, createdAt: deal['createdate'], wonAt: deal['closedate'] },
    ]);
  });

  test('an open deal denies, and the contact says so', async () => {
    const denying = site('denying');
    const { contactId, dealId } = knownForAYear(denying, {
      email: 'open@example.org',
      deal: { dealstage: 'qualifiedtobuy' },
    });
    const { entry, referral } = await settled(denying, 'open@example.org');
    const reason = 'Not accepted by this program: sales had an open deal with the friend before the referral';
    expect(referral).toMatchObject({ status: 'denied', statusReason: reason });
    expect(entry.trace.integrity.findings).toMatchObject([{ check: 'openDeal', evidence: [{ recordId: dealId }] }]);
    expect(ownProperties(stage, denying.tenant.portalId, contactId)).toMatchObject({
      passalong_referral_status: 'denied',
      passalong_status_reason: reason,
    });
  });

  test('a lost deal of long ago says nothing', async () => {
    const denying = site('denying');
    knownForAYear(denying, { email: 'lost@example.org', deal: { dealstage: 'closedlost' } });
    const { entry, referral } = await settled(denying, 'lost@example.org');
    expect([entry, referral.status]).toEqual([undefined, 'pending']);
  });

  test('a deal that another program’s capture made never counts, and the programs are independent (E17)', async () => {
    const denying = site('denying');
    const first = await settled(denying, 'twice@example.org');
    expect(first.referral.status).toBe('pending');
    const made = denying
      .deals()
      .filter(({ associations }) => associations['contacts']?.includes(denying.contact('twice@example.org').id));
    expect(made).toHaveLength(1);
    stage.clock.advance(86_400_000);
    const other = await denying.program({ name: 'Second', integrity: SITES.denying.integrity });
    const second = await settled(denying, 'twice@example.org', other);
    expect(second.entry).toBeUndefined();
    expect(second.referral).toMatchObject({ status: 'pending', programId: other.programId });
    expect((await denying.referral(first.referralId)).status).toBe('pending');
  });
});

test('a second advocate is told, and the entry names the first referral; another program takes them (E17)', async () => {
  const asking = site('allowing');
  const { tenant, launched } = asking;
  const first = await settled(asking, 'wanted@example.org');
  const { body: bea } = await tenant.api('POST', `/programs/${launched.programId}/advocates`, {
    email: 'bea@example.net',
  });
  const referred = { code: bea.code, email: 'wanted@example.org' };
  const refused = await tenant.api('POST', `/programs/${launched.programId}/referrals`, referred);
  expect(refused).toMatchObject({ status: 409, body: { error: { code: 'already_referred' } } });
  const { body: entry } = await tenant.api('GET', `/entries/${refused.body.error.entryId}`);
  expect(entry).toMatchObject({ state: 'ignored', reasonCode: 'already_referred', referralId: first.referralId });
  const other = await asking.program({ name: 'Another' });
  const second = await asking.refer('wanted@example.org', other);
  await stage.settle();
  expect(second).not.toBe(first.referralId);
  expect(await asking.referral(second)).toMatchObject({ programId: other.programId, status: 'pending' });
});

describe('a friend whose contact HubSpot refuses', () => {
  /** HubSpot takes no number of people in words. */
  const map = [
    { field: 'email', from: 'friend.email' },
    { field: 'firstname', from: 'friend.firstName' },
    { field: 'team_size', from: 'friend.teamSize' },
  ];
  const refused = { answers: { teamSize: 'a dozen' } };
  let refusing: Site;
  beforeAll(async () => {
    refusing = await openSite(stage, 2891, { map }, { ...CUSTOMER_RULES, decisions: { alreadyMet: 'qualify' } });
    refusing.portal.setProperties('contacts', refusing.launched.advocateContactId, { phone: '+49 30 7654321' });
  });

  test('is decided all the same once sales have made it: nothing spoke against them (E18)', async () => {
    const { referralId, entry } = await settled(refusing, 'refused@example.org', refused);
    expect(entry).toMatchObject({ state: 'failed', reasonCode: 'contact_refused' });
    expect(await refusing.heldFor(referralId)).toBeNull();
    refusing.portal.createContact({ email: 'refused@example.org', lifecyclestage: 'customer' });
    await stage.settle();
    expect((await refusing.referral(referralId)).status).toBe('approved');
  });

  test('is asked about all the same where something did (E18)', async () => {
    const referralId = await refusing.refer('suspect@example.org', { ...refused, phone: '030 7654321' });
    await stage.settle();
    const entries = await refusing.entries(referralId);
    expect(entries.map(({ state, reasonCode }) => [state, reasonCode]).sort()).toEqual([
      ['failed', 'contact_refused'],
      ['review', 'integrity'],
    ]);
    expect(await refusing.heldFor(referralId)).toBe('review');
  });
});

describe('what the checks ask of the CRM', () => {
  /** Paths of the calls up to the first one to `last`, by how often: what comes later looks at everybody anyway. */
  async function callsOf(of: Site, last: string, work: () => Promise<void>): Promise<Record<string, number>> {
    const { workspaceId, connectionId } = of.tenant;
    await stage.settle();
    // The search for lost changes is due, too, after a year.
    await stage.service.process({ workspaceId, connectionId });
    await stage.settle();
    stage.hubspot.control.log.clear();
    await work();
    await stage.service.process({ workspaceId, connectionId });
    const paths = stage.hubspot.control.log.calls({ portalId: of.tenant.portalId }).map(({ path }) => path);
    const counted: Record<string, number> = {};
    for (const path of paths.slice(0, paths.indexOf(last) + 1)) counted[path] = (counted[path] ?? 0) + 1;
    return counted;
  }

  const FRIENDS = 30;
  const READ = '/crm/objects/2026-09/contacts/batch/read';
  const CREATE = '/crm/objects/2026-09/contacts/batch/create';
  const OWNERS = '/crm/owners/2026-09';

  function referMany(of: Site, tag: string): () => Promise<void> {
    return async () => {
      for (let n = 0; n < FRIENDS; n += 1) await of.refer(`${tag}${String(n)}@example.org`);
    };
  }

  test('nothing while every check is allowed: one look for the addresses, one creation (G11)', async () => {
    const calls = await callsOf(site('allowing'), CREATE, referMany(site('allowing'), 'allowed'));
    expect(calls).toEqual({ [READ]: 1, [CREATE]: 1 });
  });

  test('one more call for a whole batch of new people: the advocates’ contacts (E18)', async () => {
    const calls = await callsOf(site('defaults'), CREATE, referMany(site('defaults'), 'new'));
    expect(calls).toEqual({ [READ]: 2, [CREATE]: 1 });
  });

  test('of a batch of known people their deals and owners, each once (G11)', async () => {
    const asking = site('defaults');
    const [owner] = asking.portal.owners();
    for (let n = 0; n < FRIENDS; n += 1) {
      const contactId = asking.portal.createContact({ email: `old${String(n)}@example.org` });
      const deal = { dealname: 'Old', pipeline: 'default', dealstage: 'qualifiedtobuy', hubspot_owner_id: owner!.id };
      asking.portal.createDeal(deal, [contactId]);
    }
    stage.clock.advance(YEAR_MS);
    const calls = await callsOf(asking, OWNERS, referMany(asking, 'old'));
    expect(calls).toEqual({
      [READ]: 2,
      '/crm/associations/2026-09/contacts/deals/batch/read': 1,
      '/crm/objects/2026-09/deals/batch/read': 1,
      [OWNERS]: 1,
    });
  });
});
