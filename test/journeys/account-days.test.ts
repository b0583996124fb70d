import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEAL_PROGRAM, launch, ownProperties, referFriend, type Launched } from './program.ts';
import { openStage, type Stage, type Tenant } from './stage.ts';

/** E20: a deal that was won late in the evening, by UTC, was won on the next day where the account is. */
const PORTAL = 4_107;
const DAY_MS = 86_400_000;
const HALF_PAST_ELEVEN_MS = 23.5 * 3_600_000;

let stage: Stage;
let tenant: Tenant;
let launched: Launched;

beforeAll(async () => {
  stage = await openStage();
  stage.hubspot.control.createPortal({ portalId: PORTAL, seed: 'empty', timeZone: 'Asia/Tokyo', currency: 'EUR' });
  tenant = await stage.install(PORTAL);
  launched = await launch(stage, tenant, DEAL_PROGRAM);
});
afterAll(() => stage.close());

const portal = () => stage.hubspot.control.portal(PORTAL);

/** As sentences write it. */
function dayText(ms: number): string {
  const [, day, month, year] = new Date(ms).toUTCString().split(' ');
  return `${String(Number(day))} ${month ?? ''} ${year ?? ''}`;
}

test('sentences of a reading, of a person and of an entry name the day it was in the account (E20, RL-03)', async () => {
  const referralId = await referFriend(tenant, launched, { email: 'late@example.org' });
  await stage.settle();
  const now = stage.clock.now();
  const wonMs = now - (now % DAY_MS) + DAY_MS + HALF_PAST_ELEVEN_MS;
  stage.clock.advance(wonMs - now);
  const friend = portal().find('contacts', 'email', 'late@example.org')[0]!;
  portal().createDeal({ dealname: 'Late', pipeline: 'default', dealstage: 'closedwon', amount: '100' }, [friend.id]);
  await stage.settle();
  const won = `Deal reached Closed Won on ${dayText(wonMs + DAY_MS)}`;
  expect(ownProperties(stage, PORTAL, friend.id)).toMatchObject({ passalong_status_reason: won });
  const sentencesOfNewest = async (): Promise<string[]> => {
    const [entry] = (await tenant.api('GET', `/entries?referralId=${referralId}`)).body.items;
    return (await tenant.api('GET', `/entries/${entry.id}`)).body.sentences;
  };
  const read = await sentencesOfNewest();
  expect(read[0]).toBe(`${won}.`);
  expect(read.join()).not.toContain(dayText(wonMs));

  const decide = (status: string) => tenant.api('POST', `/referrals/${referralId}/decide`, { status });
  expect((await decide('denied')).body.statusReason).toBe('A person decided that this referral is denied');
  expect((await decide('pending')).body.statusReason).toBe(won);
  expect(await sentencesOfNewest()).toEqual(read);
});
