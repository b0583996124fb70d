import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** E3, E28: what a person says of one of two friends on a deal is about the other one, too, and in the same commit. */
const PORTAL = 4_109;
const DAY_MS = 86_400_000;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'UTC', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, {
    ...DEAL_PROGRAM,
    decisions: { severalContacts: 'first_attribution' },
    integrity: { existingCustomer: 'review' },
  });
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

type Friend = { readonly referralId: string; readonly contactId: string };

async function friend(email: string): Promise<Friend> {
  const referralId = await referFriend(tenant, launched, { email });
  await stage.settle();
  stage.clock.advance(60_000);
  return { referralId, contactId: portal().find('contacts', 'email', email)[0]!.id };
}

async function win(...friends: readonly Friend[]): Promise<void> {
  const won = { dealname: 'Shared', pipeline: 'default', dealstage: 'closedwon', amount: '1000' };
  portal().createDeal(
    won,
    friends.map(({ contactId }) => contactId),
  );
  await stage.settle();
  stage.clock.advance(60_000);
}

/** As it stands right now: nothing is delivered or read before. */
async function paid(...friends: readonly Friend[]): Promise<boolean[]> {
  const rows = await stage.rows<{ referral_id: string }>(`select referral_id from rewards where state <> 'voided'`);
  return friends.map(({ referralId }) => rows.some((row) => row.referral_id === referralId));
}

test('denying the one who was first gives the deal to the other, and taking that back gives it back (E3, E28)', async () => {
  const [first, second] = [await friend('x@settled.example'), await friend('y@settled.example')];
  await win(first, second);
  const steps: [string | null, boolean[]][] = [
    [null, [true, false]],
    ['denied', [false, true]],
    ['pending', [true, false]],
  ];
  for (const [status, expected] of steps) {
    if (status) await tenant.api('POST', `/referrals/${first.referralId}/decide`, { status });
    expect([status, await paid(first, second)]).toEqual([status, expected]);
  }
});

test('rejecting a referral that waits gives the deal to the other one on it (E3, G11)', async () => {
  portal().createContact({ email: 'x@held.example', lifecyclestage: 'customer' });
  stage.clock.advance(DAY_MS);
  const [first, second] = [await friend('x@held.example'), await friend('y@held.example')];
  await win(first, second);
  expect(await paid(first, second)).toEqual([false, false]);
  const [question] = (await tenant.api('GET', `/entries?referralId=${first.referralId}&state=review`)).body.items;
  expect(question).toMatchObject({ reasonCode: 'integrity' });
  expect((await tenant.api('POST', `/entries/${question.id}/reject`)).status).toBe(200);
  expect(await paid(first, second)).toEqual([false, true]);
});

test('whoever is denied is nobody a deal is shared with (E3, E7)', async () => {
  const [first, second] = [await friend('x@denied.example'), await friend('y@denied.example')];
  await tenant.api('POST', `/referrals/${first.referralId}/decide`, { status: 'denied' });
  await win(first, second);
  expect(await paid(first, second)).toEqual([false, true]);
});
