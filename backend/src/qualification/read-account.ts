import type { CrmAccount, CrmPort, Pipeline } from '../crm/port.ts';
import { withinMs } from '../within-ms.ts';
import type { AccountFacts } from './account-facts.ts';
import type { AccountNeeds } from './check-account.ts';

/** The part of the CRM port that tells what an account offers. */
export type AccountReader = Pick<CrmPort, 'readPipelines' | 'readFields' | 'readOwners' | 'readContactRoles'>;

export type AccountReading = {
  readonly facts: AccountFacts;
  /** Why something needed is not known; null when everything is. */
  readonly failure: { readonly cause: unknown } | null;
};

/** A live connection, with its pipelines as last read: they stand in when the CRM does not answer. */
export type ConnectedAccount = CrmAccount & { readonly crmSchema: { readonly pipelines?: readonly Pipeline[] } };

export type ReadAccountInput = {
  readonly account: ConnectedAccount;
  readonly needs: AccountNeeds;
  readonly patienceMs: number;
};

/** Asks only for what is needed and never throws: whether a CRM that is down matters is the caller's decision. */
export async function readAccount(reader: AccountReader | undefined, input: ReadAccountInput): Promise<AccountReading> {
  const { account, needs, patienceMs } = input;
  let failure: { cause: unknown } | null = null;
  const read = async <T>(needed: boolean, work: (crm: AccountReader) => Promise<T>): Promise<T | null> => {
    // After one failure the next call would only wait as long again.
    if (!needed || failure) return null;
    try {
      if (!reader) throw new Error(`No adapter for ${account.crm} is running.`);
      return await withinMs(patienceMs, work(reader));
    } catch (cause) {
      failure = { cause };
      return null;
    }
  };
  const pipelines = await read(needs.pipelines, (crm) => crm.readPipelines(account));
  const contactFields = await read(needs.contactFields, (crm) => crm.readFields(account, 'contact'));
  const leadFields = await read(needs.leadFields, (crm) => crm.readFields(account, 'lead'));
  const companyFields = await read(needs.companyFields, (crm) => crm.readFields(account, 'company'));
  const dealFields = await read(needs.dealFields, (crm) => crm.readFields(account, 'deal'));
  const owners = await read(needs.owners, (crm) => crm.readOwners(account));
  const contactRoles = await read(needs.contactRoles, (crm) => crm.readContactRoles(account));
  const known = needs.pipelines ? (pipelines ?? storedPipelines(account)) : null;
  return {
    facts: { pipelines: known, contactFields, leadFields, companyFields, dealFields, contactRoles, owners },
    failure,
  };
}

/** Those kept before it was known which stages are lost do not tell enough. */
function storedPipelines({ crmSchema: { pipelines } }: ConnectedAccount): readonly Pipeline[] | null {
  const complete = pipelines?.every(({ stages }) => stages.every(({ lost }: { lost?: boolean }) => lost !== undefined));
  return pipelines && complete ? pipelines : null;
}

/** Whether something the definition needs is still not known. */
export function isMissing(needs: AccountNeeds, facts: AccountFacts): boolean {
  return (Object.keys(needs) as (keyof AccountNeeds)[]).some((part) => needs[part] && facts[part] === null);
}
