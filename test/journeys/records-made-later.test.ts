import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** E12: what a record first held counts as having been there before only where the CRM made the record before. */
const PORTAL = 4_108;
const DAY_MS = 86_400_000;
const RULE = { object: 'deal', field: 'dealtype', values: ['newbusiness'], status: 'approved' };

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, { ...DEAL_PROGRAM, rules: [RULE] });
});
afterAll(() => stage.close());

/** A deal of a friend that holds the wanted value from its first day on, and is first read after the referral. */
async function statusBy(email: string, dealMade: 'before' | 'after'): Promise<unknown[]> {
  const portal = stage.hubspot.control.portal(PORTAL);
  const contactId = portal.createContact({ email });
  const deal = {
    dealname: email,
    pipeline: 'default',
    dealstage: 'contractsent',
    dealtype: 'newbusiness',
    amount: '10',
  };
  const make = (): string => portal.createDeal(deal, [contactId]);
  if (dealMade === 'before') make();
  stage.clock.advance(DAY_MS);
  const referralId = await referFriend(tenant, launched, { email });
  await stage.settle();
  stage.clock.advance(DAY_MS);
  if (dealMade === 'after') make();
  await stage.settle();
  const [entry] = (await tenant.api('GET', `/entries?referralId=${referralId}`)).body.items;
  return [(await tenant.api('GET', `/referrals/${referralId}`)).body.status, entry.reasonCode];
}

test('a deal made after the referral counts by what it was made with (E12)', async () => {
  expect(await statusBy('new@example.org', 'after')).toEqual(['approved', 'rule_met']);
});

test('a deal made before the referral and first read after it is asked about (E12)', async () => {
  expect(await statusBy('old@example.org', 'before')).toEqual(['pending', 'already_there']);
});
