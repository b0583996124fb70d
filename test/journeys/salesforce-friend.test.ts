import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStage, type OrgTenant, type Stage } from './stage.ts';

const MINUTE_MS = 60_000;
const FRIEND = 'fay.friend@example.org';
const WON = {
  object: 'deal',
  field: 'StageName',
  pipelineId: '012000000000000AAA',
  values: ['Closed Won'],
  status: 'approved',
} as const;

let stage: Stage;
let tenant: OrgTenant;

beforeEach(async () => {
  stage = await openStage({ crms: ['salesforce'] });
  const { orgId } = await stage.salesforce.control.createOrg({ namespace: 'passalong', currency: 'EUR' });
  tenant = await stage.installSalesforce(orgId);
  await stage.pass(MINUTE_MS);
});

afterEach(() => stage.close());

const org = () => stage.salesforce.control.org(tenant.orgId);
const friend = (object: 'Contact' | 'Lead' = 'Contact') => org().find(object, 'Email', FRIEND)[0];

type Referred = { readonly referralId: string; readonly advocateId: string; readonly code: string };

/** Ada, whom the program knows by all there is to know, refers Fay. */
async function referred(capture: object = {}, more: object = {}): Promise<Referred> {
  const { body: program } = await tenant.api('POST', '/programs', {
    name: 'Customer referrals',
    landingUrl: 'https://example.com/welcome',
    rules: [WON],
    capture,
  });
  await tenant.api('POST', `/programs/${program.id}/publish`);
  const { body: ada } = await tenant.api('POST', `/programs/${program.id}/advocates`, {
    email: 'ada@example.com',
    firstName: 'Ada',
    lastName: 'Advocate',
    phone: '+32 2 555 01 02',
    externalId: 'C-1042',
  });
  await stage.pass(2 * MINUTE_MS);
  stage.salesforce.control.log.clear();
  const sent = { code: ada.code, email: FRIEND, firstName: 'Fay', lastName: 'Friend', source: 'link', ...more };
  const { body } = await tenant.api('POST', `/programs/${program.id}/referrals`, sent);
  await stage.pass(2 * MINUTE_MS);
  return { referralId: body.referralId, advocateId: ada.advocateId, code: ada.code };
}

async function follow(url: unknown): Promise<readonly [number, string | null]> {
  const answer = await fetch(String(url), { redirect: 'manual' });
  return [answer.status, answer.headers.get('location')];
}

/** Calls that wrote something, by what they wrote to; a plain collection says in its body what it is about. */
function writes(): readonly string[] {
  const { calls } = stage.salesforce.control.log;
  const written = calls({ orgId: tenant.orgId }).filter(({ method }) => method !== 'GET');
  return written.map(({ path }) => /\/composite\/sobjects\/?(\w*)/.exec(path)?.[1] ?? path);
}

test.each(['contact', 'lead'] as const)(
  'a friend who is added as a %s says everything from the first moment, and its links lead on (RR-16, RR-17, RR-20)',
  async (personAs) => {
    const { referralId, advocateId, code } = await referred({ personAs });
    const object = personAs === 'lead' ? 'Lead' : 'Contact';
    expect(friend(object)).toMatchObject({
      FirstName: 'Fay',
      LastName: 'Friend',
      Referral_Id__c: referralId,
      Referral_Source__c: 'link',
      Source_Note__c: 'Referred by Ada Advocate in Customer referrals, through their link',
      Referred_By_Name__c: 'Ada Advocate',
      Referred_By_Email__c: 'ada@example.com',
      Referred_By_External_Id__c: 'C-1042',
      Referred_By_Phone__c: '+32 2 555 01 02',
      Referred_By_Code__c: code,
      Referred_By_Url__c: `${stage.publicUrl}/go/advocates/${advocateId}`,
      Referral_Url__c: `${stage.publicUrl}/go/referrals/${referralId}`,
    });
    // One call made the friend and one the record of the referral; the third told Ada’s record of them.
    expect(writes().toSorted()).toEqual(['', object, 'passalong__Referral__c']);
    const later = await stage.rows('select written_modified_at as at from write_backs where record_id = $1', [
      friend(object)!['Id'],
    ]);
    expect(later).toEqual([{ at: null }]);
    const [ada] = org().find('Contact', 'Email', 'ada@example.com');
    const [record] = org().find('Referral__c', 'Referral_Id__c', referralId);
    const lightning = (path: string) => expect.stringMatching(new RegExp(`^http://[^/]+/lightning/r/${path}/view$`));
    expect(await follow(friend(object)!['Referred_By_Url__c'])).toEqual([
      302,
      lightning(`Contact/${String(ada!['Id'])}`),
    ]);
    expect(await follow(friend(object)!['Referral_Url__c'])).toEqual([302, lightning(String(record!['Id']))]);
  },
);

test('what was said with the referral stands as its note, and only what the program chose is said of the advocate (RR-17, RR-19)', async () => {
  const { code } = await referred({ referrer: ['code'] }, { answers: { note: 'She starts in May.' } });
  expect(friend()).toMatchObject({ Source_Note__c: 'She starts in May.', Referred_By_Code__c: code });
  const unsaid = ['Name', 'Email', 'External_Id', 'Phone'].map((part) => friend()![`Referred_By_${part}__c`] ?? null);
  expect(unsaid).toEqual([null, null, null, null]);
});

test('a part that is switched off is left to others: what they wrote there stays (RR-19)', async () => {
  await referred({ referrer: ['name'] });
  org().set(String(friend()!['Id']), { Referred_By_Email__c: 'typed@example.com' });
  org().createOpportunity({ Name: 'One', StageName: 'Closed Won', CloseDate: '2026-12-01', Amount: 10 }, [
    { contactId: String(friend()!['Id']) },
  ]);
  await stage.pass(2 * MINUTE_MS);
  expect(friend()).toMatchObject({ Referral_Status__c: 'approved', Referred_By_Email__c: 'typed@example.com' });
});

test('a referral that is not in Salesforce yet has no page, and looks like one that nobody has (RR-20)', async () => {
  const { referralId } = await referred();
  const url = String(friend()!['Referral_Url__c']);
  await stage.rows(`update write_backs set written = written - 'referralRecordId' where record_id = $1`, [referralId]);
  const [early, unknown] = await Promise.all([fetch(url), fetch(`${url.slice(0, -4)}0000`)]);
  expect([early.status, await early.text()]).toEqual([404, await unknown.text()]);
});
