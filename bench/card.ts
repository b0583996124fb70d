import { createHmac } from 'node:crypto';
import { ADVOCATES, contactOf, OF_THE_BUSIEST, REFERRALS, seedLedger, vacuumLedger } from './card-ledger.ts';
import { APP, PORTAL_ID } from './hubspot-account.ts';
import { quantile, sendSteadily } from './open-loop.ts';
import { publishProgram } from './scenario.ts';
import type { BenchStage } from './stage.ts';

export type CardResult = {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly floorP99Ms: number;
  /** CPU of the service and the database together, per view: what a busy machine does not blur. */
  readonly cpuMsPerView: number;
  readonly seedSeconds: number;
};

const PER_SECOND = 50;
const SECONDS = 30;
/** More than the buffers hold of them all: most contacts are opened once. */
const STRIDE = 7;

/**
 * The card on a contact as HubSpot's proxy asks for it, 50 a second, in an account of a million referrals: every second
 * view is of the advocate who has ten thousand of them. The floor is `GET /health` the same way.
 */
export async function measureCard(stage: BenchStage): Promise<CardResult> {
  const { programId, rewardRuleId } = await publishProgram(stage, 'cards');
  const seedSeconds = await seedLedger({ ...stage, programId, rewardRuleId });
  console.log(`seeded ${REFERRALS} referrals in ${seedSeconds.toFixed(0)} s`);
  await vacuumLedger(stage);
  await checkBusiest(stage);
  const every = { publicUrl: stage.publicUrl, perSecond: PER_SECOND, expect: 200 };
  const cards = { ...every, path: viewOf, headers: (path: string) => signed(stage, path) };
  await sendSteadily({ ...cards, seconds: 5 });
  const floor = await sendSteadily({ ...every, seconds: SECONDS, path: () => '/health' });
  const before = cpuMs(stage);
  const ours = await sendSteadily({ ...cards, seconds: SECONDS });
  return {
    p50Ms: quantile(ours, 0.5),
    p99Ms: quantile(ours, 0.99),
    floorP99Ms: quantile(floor, 0.99),
    cpuMsPerView: (cpuMs(stage) - before) / ours.length,
    seedSeconds,
  };
}

function cpuMs(stage: BenchStage): number {
  const { service, database } = stage.cpuMs();
  return service + database;
}

function viewOf(index: number): string {
  const advocate = index % 2 === 0 ? 0 : 1 + ((index * STRIDE) % (ADVOCATES - 1));
  const appended = new URLSearchParams({
    userId: '77',
    portalId: String(PORTAL_ID),
    userEmail: 'rep@example.com',
    appId: String(APP.appId),
  });
  return `/hubspot/contacts/${contactOf(advocate)}/card?${appended.toString()}`;
}

/** HubSpot's v3 signature in our own few lines. It signs the address with `@` written out. */
function signed({ publicUrl }: BenchStage, path: string): Record<string, string> {
  const time = String(Date.now());
  const text = `GET${publicUrl}${path.replaceAll('%40', '@')}${time}`;
  const signature = createHmac('sha256', APP.clientSecret).update(text).digest('base64');
  return { 'X-HubSpot-Signature-v3': signature, 'X-HubSpot-Request-Timestamp': time };
}

/** A fast answer of something else would be worth nothing. */
async function checkBusiest(stage: BenchStage): Promise<void> {
  const path = viewOf(0);
  const answer = await fetch(stage.publicUrl + path, { headers: signed(stage, path) });
  const card = (await answer.json()) as {
    referrals?: { total: number; items: unknown[] };
    rewards?: { total: number };
  };
  const shown = [card.referrals?.total, card.referrals?.items.length, card.rewards?.total];
  if (shown.join() !== [OF_THE_BUSIEST, 10, OF_THE_BUSIEST].join()) {
    throw new Error(`the busiest advocate's card is not what was seeded: ${answer.status} ${JSON.stringify(card)}`);
  }
}
