import pg from 'pg';
import { measureCard } from './card.ts';
import { measureEnrolments, type EnrolmentResult } from './enrolment.ts';
import { openHubSpotAccount, type HubSpotAccount } from './hubspot-account.ts';
import { FLOOR_FUNCTIONS } from './insert-floor.ts';
import { intakeRows, type IntakeRows } from './intake-rows.ts';
import { measureIntake } from './intake.ts';
import { loopRows } from './loop-rows.ts';
import { measureRedirect } from './redirect.ts';
import { bound, printRows, ratio, reported, writeRows, type Row } from './row.ts';
import { openSalesforceAccount } from './salesforce-account.ts';
import { measureSignalIntake } from './signals.ts';
import { openBenchStage, type BenchStage } from './stage.ts';

const CALLS_BAR = 1.05;
const ENROL_BAR = 0.95;
const ENROL_MEMORY_BAR_MB = 300;
const CARD_BAR_MS = 50;

/** Runs everything, each part on a database and a CRM of its own, prints the table and writes `bench/results.json`. */
export async function runBenchmarks(): Promise<void> {
  const hubspot = await hubspotRows();
  const salesforce = await salesforceRows();
  const rows = [...hubspot.rows, ...salesforce.rows, ...(await cardRows())];
  printRows(rows);
  writeRows(rows, hubspot.valid && salesforce.valid);
  if (rows.some((row) => row.ok === false)) process.exitCode = 1;
}

async function hubspotRows(): Promise<IntakeRows> {
  const stage = await openBenchStage(openHubSpotAccount);
  try {
    await addFloorFunctions(stage.ownerUrl);
    const loop = await loopRows(stage, { prefix: '', seconds: 20 });
    const enrolment = await enrolmentRows(stage);
    const redirect = await redirectRows(stage);
    const intake = await intakeRows(stage, { prefix: '', measure: () => measureIntake(stage) });
    return { rows: [...loop, ...enrolment, ...redirect, ...intake.rows], valid: intake.valid };
  } finally {
    await stage.close();
  }
}

async function salesforceRows(): Promise<IntakeRows> {
  const stage = await openBenchStage(openSalesforceAccount);
  try {
    await addFloorFunctions(stage.ownerUrl);
    const loop = await loopRows(stage, { prefix: 'salesforce ', seconds: 60 });
    const intake = await intakeRows(stage, { prefix: 'salesforce ', measure: () => measureSignalIntake(stage) });
    return { rows: [...loop, ...intake.rows], valid: intake.valid };
  } finally {
    await stage.close();
  }
}

async function addFloorFunctions(ownerUrl: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(FLOOR_FUNCTIONS);
  await owner.end();
}

async function enrolmentRows(stage: BenchStage<HubSpotAccount>): Promise<Row[]> {
  // A process of its own, so that its peak of memory is the enrolment's.
  await stage.restart('all');
  const { list, all } = await measureEnrolments(stage);
  for (const [name, result] of Object.entries({ list, all })) console.log(`enrolment of ${name}:`, result);
  const rate = (name: string, { contactsPerSecond, ceilingPerSecond }: EnrolmentResult): Row =>
    ratio(name, {
      ours: contactsPerSecond,
      floor: ceilingPerSecond,
      atLeast: ENROL_BAR,
      unit: 'contacts/s, of what the windows allow',
    });
  return [
    ratio('enrol calls', {
      ours: list.calls + all.calls,
      floor: list.fewestCalls + all.fewestCalls,
      atMost: CALLS_BAR,
      unit: `calls for ${list.contacts} of a list and ${all.contacts} of all`,
    }),
    bound('enrol 429', { ours: list.refused + all.refused, atMost: 0, unit: 'calls refused' }),
    rate('enrol list', list),
    rate('enrol all', all),
    bound('enrol rss mb', {
      ours: stage.peakRssMb(),
      atMost: ENROL_MEMORY_BAR_MB,
      unit: 'MB, peak of the service process',
    }),
  ];
}

async function redirectRows(stage: BenchStage): Promise<Row[]> {
  const { p50Ms, p99Ms, floorP99Ms } = await measureRedirect(stage);
  return [
    reported('redirect p50 ms', p50Ms, 'ms at 500 requests/s'),
    {
      ...reported('redirect p99 ms', p99Ms, 'ms at 500 requests/s, against GET /health'),
      floor: floorP99Ms,
      ratio: p99Ms / floorP99Ms,
    },
  ];
}

/** On a stage of its own: a million referrals beside it would be another benchmark for everything else. */
async function cardRows(): Promise<Row[]> {
  const stage = await openBenchStage(openHubSpotAccount);
  try {
    const { p50Ms, p99Ms, floorP99Ms, cpuMsPerView } = await measureCard(stage);
    const p99 = bound('card p99 ms', {
      ours: p99Ms,
      atMost: CARD_BAR_MS,
      unit: 'ms at 50 cards/s, a million referrals, against GET /health',
    });
    return [
      reported('card cpu ms', cpuMsPerView, 'ms CPU, service + database, per card'),
      reported('card p50 ms', p50Ms, 'ms at 50 cards/s'),
      { ...p99, floor: floorP99Ms, ratio: p99Ms / floorP99Ms },
    ];
  } finally {
    await stage.close();
  }
}
