import type { CrmAccount, CrmPort, Pipeline } from '../crm/port.ts';
import { withinMs } from '../within-ms.ts';
import type { AccountFacts, AccountNeeds } from './check-account.ts';

/** The part of the CRM port that tells what an account offers. */
export type AccountReader = Pick<CrmPort, 'readPipelines' | 'readFields' | 'readOwners'>;

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
  const dealFields = await read(needs.dealFields, (crm) => crm.readFields(account, 'deal'));
  const owners = await read(needs.owners, (crm) => crm.readOwners(account));
  const known = needs.pipelines ? (pipelines ?? account.crmSchema.pipelines ?? null) : null;
  return { facts: { pipelines: known, contactFields, dealFields, owners }, failure };
}

/** Whether something the definition needs is still not known. */
export function isMissing(needs: AccountNeeds, facts: AccountFacts): boolean {
  return (['pipelines', 'contactFields', 'dealFields', 'owners'] as const).some(
    (part) => needs[part] && facts[part] === null,
  );
}
