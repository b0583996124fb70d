import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** What a rep reads about a friend whom only the new rules count (E12, E29). */
const PORTAL = 4_110;
const DAY_MS = 86_400_000;
const RULE = { object: 'contact', field: 'lifecyclestage', values: ['customer'], status: 'qualified' };

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, DEAL_PROGRAM);
});
afterAll(() => stage.close());

test('a customer since the referral was one before the rules changed, one from before it was one before the referral (E12, RL-03)', async () => {
  const portal = stage.hubspot.control.portal(PORTAL);
  portal.createContact({ email: 'old@example.org', lifecyclestage: 'customer' });
  stage.clock.advance(DAY_MS);
  const old = await referFriend(tenant, launched, { email: 'old@example.org' });
  const fresh = await referFriend(tenant, launched, { email: 'fresh@example.org' });
  await stage.settle();
  stage.clock.advance(DAY_MS);
  portal.setProperties('contacts', portal.find('contacts', 'email', 'fresh@example.org')[0]!.id, {
    lifecyclestage: 'customer',
  });
  await stage.settle();
  stage.clock.advance(DAY_MS);

  await tenant.api('PUT', `/programs/${launched.programId}`, { ...DEAL_PROGRAM, rules: [...DEAL_PROGRAM.rules, RULE] });
  expect((await tenant.api('POST', `/programs/${launched.programId}/publish`)).body.published.version).toBe(2);
  await stage.settle();
  const started = await tenant.api('POST', `/programs/${launched.programId}/re-evaluations`, {});
  await stage.settle();
  await tenant.api('POST', `/re-evaluations/${started.body.id}/apply`);
  await stage.settle();
  const told = async (id: string): Promise<string> => (await tenant.api('GET', `/referrals/${id}`)).body.statusReason;
  expect([await told(old), await told(fresh)]).toEqual([
    'Lifecycle Stage was Customer before the referral: needs review',
    'Lifecycle Stage was Customer before the rules changed: needs review',
  ]);
});
