import { connectLocalSalesforce, type RemoteControl } from '../sandbox/salesforce/local-salesforce.ts';
import type { BenchAccount, Change, ChangeTimes } from './account.ts';
import { endChild, startChild } from './child.ts';
import { grantConsent } from './consent.ts';
import { holdPoll, hurryPoll, readPoll } from './poll.ts';

const APP = { clientId: 'bench-consumer-key', clientSecret: 'bench-consumer-secret' } as const;
const WON = 'Closed Won';

/** Records of one page of the poll, and of one call that reads or writes. */
const PAGE = 2_000;
const BATCH = 200;

/**
 * A poll sooner after a change would look at it a second time with the next one, as it does with what changes in the last
 * three of its sixty seconds.
 */
const SETTLES_MS = 4_000;

/** An org in a local Salesforce, which is a process of its own. The service polls it: nothing tells of changes by itself. */
export async function openSalesforceAccount(): Promise<BenchAccount> {
  const child = await startChild({
    args: ['sandbox/salesforce/main.ts', '--port', '0'],
    ready: 'local-salesforce ready ',
  });
  const control = connectLocalSalesforce(child.url);
  const { orgId } = await control.createOrg({ namespace: 'passalong', timeZone: 'Europe/Berlin', currency: 'EUR' });
  const org = control.org(orgId);
  let changedAt = 0;
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    const result = await change;
    changedAt = Date.now();
    return result;
  };
  return {
    crm: 'salesforce',
    environment: {
      SALESFORCE_CLIENT_ID: APP.clientId,
      SALESFORCE_CLIENT_SECRET: APP.clientSecret,
      SALESFORCE_LOGIN_URL: child.url,
      SALESFORCE_CHANGE_SOURCES: 'poll',
    },
    program: {
      wonRule: { object: 'deal', field: 'StageName', pipelineId: '012000000000000AAA', values: [WON] },
      amountField: 'Amount',
    },
    async connect(publicUrl) {
      await control.registerApp({ ...APP, redirectUris: [`${publicUrl}/salesforce/oauth/callback`] });
      await grantConsent(`${publicUrl}/salesforce/oauth/install`, { orgId, decision: 'grant' });
      return orgId;
    },
    findContact: async (email) => {
      const [contact] = await org.find('Contact', 'Email', email);
      return typeof contact?.['Id'] === 'string' ? contact['Id'] : null;
    },
    createDeal: (Name, contactId) => changing(org.createOpportunity({ Name, Amount: 1_000 }, [contactId])),
    winDeal: (dealId) => changing(org.moveOpportunity(dealId, WON)),
    async settle() {
      while (Date.now() < changedAt + SETTLES_MS) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    holdNews: holdPoll,
    releaseNews: (stage) => hurryPoll(stage, changedAt),
    async isAllTold(stage, { hurry }) {
      const { caughtUpTo, walking } = await readPoll(stage);
      const latest = Math.max(changedAt, await lastWrite(control, { orgId, since: caughtUpTo }));
      if (caughtUpTo >= latest) return !walking;
      if (hurry && Date.now() >= latest + SETTLES_MS) await hurryPoll(stage, latest);
      return false;
    },
    clearCalls: () => control.log.clear(),
    calls: async () => (await control.log.calls({ orgId })).filter(({ counted }) => counted),
    fewestCalls,
    showMilliseconds: async () => void (await org.settings({ wholeSeconds: false })),
    timesOf: (changes) => timesOf(control, orgId, changes),
    close: () => endChild(child),
  };
}

/**
 * Two rounds of the poll, one that finds the deals and one that finds what we wrote; a round walks opportunities, roles on
 * them, contacts and leads. Deals are read, who is on them, and then friends, advocates and a record of each referral are
 * written. Nobody is read once more: the walk of contacts brings along what they are compared by.
 */
function fewestCalls({ deals, advocates }: { readonly deals: number; readonly advocates: number }): number {
  const people = deals + advocates;
  const found = Math.ceil(deals / PAGE) + 1 + 1 + 1;
  const read = Math.ceil(deals / BATCH) + Math.ceil(deals / BATCH);
  const written = Math.ceil(people / BATCH) + Math.ceil(deals / BATCH);
  const foundAgain = 1 + 1 + Math.ceil(people / PAGE) + 1;
  return found + read + written + foundAgain;
}

/** Of what the poll can find only: our own records of referrals it never looks at. */
async function lastWrite(control: RemoteControl, of: { readonly orgId: string; readonly since: number }) {
  const filter = { orgId: of.orgId, path: '/composite/sobjects', sinceMs: of.since };
  const calls = (await control.log.calls(filter)).filter(({ path }) => !path.includes('Referral__c'));
  return Math.max(0, ...calls.map(({ at }) => at));
}

/** How the poll asks for deals: the end of its window, after everything that was written before the question. */
const ASKS_FOR_DEALS = / FROM Opportunity WHERE SystemModstamp >= \S+ AND SystemModstamp <= (\S+)/;

async function timesOf(
  control: RemoteControl,
  orgId: string,
  changes: readonly Change[],
): Promise<readonly ChangeTimes[]> {
  const org = control.org(orgId);
  const steps = await org.query(
    `SELECT OpportunityId, CreatedDate FROM OpportunityHistory WHERE StageName = '${WON}' ORDER BY CreatedDate`,
  );
  const contacts = await org.query('SELECT Id, SystemModstamp FROM Contact');
  const wonAt = new Map(steps.map((row) => [row['OpportunityId'], instantOf(row['CreatedDate'])]));
  const writtenAt = new Map(contacts.map((row) => [row['Id'], instantOf(row['SystemModstamp'])]));
  const questions = (await control.log.calls({ orgId, path: '/queryAll' })).flatMap(({ at, soql = '' }) => {
    const [, to] = ASKS_FOR_DEALS.exec(soql) ?? [];
    return to === undefined ? [] : [{ at, to: Date.parse(to) }];
  });
  return changes.map(({ dealId, contactId }) => {
    const won = wonAt.get(dealId) ?? Number.NaN;
    return {
      wonAt: won,
      foundAt: questions.find(({ to }) => to >= won)?.at ?? Number.NaN,
      writtenAt: writtenAt.get(contactId) ?? Number.NaN,
    };
  });
}

function instantOf(value: unknown): number {
  return Date.parse(String(value).replace('+0000', 'Z'));
}
