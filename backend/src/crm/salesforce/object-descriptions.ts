import { REFERRAL_OBJECT } from '../../../../shared/crm-fields.ts';
import { CrmPackageMissing, CrmPermissionMissing } from '../errors.ts';
import type { CrmAccount } from '../port.ts';
import { REST_PATHS } from './rest-paths.ts';
import type { SalesforceAnswer, SalesforceGateway } from './gateway.ts';
import { fromSalesforceDescription, namespaceOf, type ObjectDescription } from './object-description.ts';
import { SalesforceRejected } from './rejection.ts';

const DAY_MS = 86_400_000;
/** A field that is not there is looked for again after this time: it may have been made, or given to us, since. */
const MISSING_FIELD_MS = 600_000;
const SECOND_MS = 1_000;

type Kept = { readonly description: ObjectDescription; readonly lastModified: string | null; checkedAtMs: number };

/**
 * What the objects of each org look like, kept for a day: every read and write goes by it, so that one field that is gone,
 * renamed or hidden concerns that field alone (E23). A later check costs a call, but rarely an answer (304).
 */
export class ObjectDescriptions {
  readonly #gateway: SalesforceGateway;
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<ObjectDescription>>();

  constructor(gateway: SalesforceGateway) {
    this.#gateway = gateway;
  }

  /** At most a day old. Raises `CrmPermissionMissing` when the user may not see the object. */
  of(account: CrmAccount, sobject: string): Promise<ObjectDescription> {
    return this.#atMost(account, sobject, DAY_MS);
  }

  /** As the org has it now. */
  latest(account: CrmAccount, sobject: string): Promise<ObjectDescription> {
    return this.#atMost(account, sobject, -1);
  }

  /** At most a day old, and newer where one of these names is not known. */
  with(account: CrmAccount, sobject: string, names: readonly string[]): Promise<ObjectDescription> {
    return this.fulfilling(account, sobject, (description) => names.every((name) => description.find(name) !== null));
  }

  /** At most a day old, and newer where this does not hold. */
  async fulfilling(
    account: CrmAccount,
    sobject: string,
    holds: (description: ObjectDescription) => boolean,
  ): Promise<ObjectDescription> {
    const description = await this.of(account, sobject);
    if (holds(description)) return description;
    const checkedAtMs = this.#kept.get(keyOf(account, sobject))?.checkedAtMs ?? -Infinity;
    if (this.#gateway.clock.now() - checkedAtMs <= MISSING_FIELD_MS) return description;
    // Asked in full: whether a field was merely given to us may be no change of the object to Salesforce.
    this.forget(account, sobject);
    return this.of(account, sobject);
  }

  /** Whether asking for it costs no call. */
  isKnown(account: CrmAccount, sobject: string): boolean {
    return this.#kept.has(keyOf(account, sobject));
  }

  /** Salesforce said that something in it is wrong. */
  forget(account: CrmAccount, sobject: string): void {
    this.#kept.delete(keyOf(account, sobject));
  }

  /** Our record of referrals, by the name it has there. Raises `CrmPackageMissing` when it is not there for us. */
  async ofReferrals(account: CrmAccount): Promise<ObjectDescription> {
    const namespace = namespaceOf(await this.with(account, 'Contact', ['Referral_Id__c']));
    try {
      return await this.of(account, namespace + REFERRAL_OBJECT);
    } catch (error) {
      if (!(error instanceof CrmPermissionMissing)) throw error;
      throw new CrmPackageMissing(`The Salesforce org has no ${REFERRAL_OBJECT} that we may use.`, {}, error);
    }
  }

  async #atMost(account: CrmAccount, sobject: string, ageMs: number): Promise<ObjectDescription> {
    const key = keyOf(account, sobject);
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#gateway.clock.now() - kept.checkedAtMs <= ageMs) return kept.description;
    const asking = this.#asking.get(key) ?? this.#ask(account, sobject).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    return asking;
  }

  async #ask(account: CrmAccount, sobject: string): Promise<ObjectDescription> {
    const key = keyOf(account, sobject);
    const kept = this.#kept.get(key);
    const since = kept?.lastModified ?? null;
    const answer = await describe(this.#gateway, account, { sobject, since });
    const checkedAtMs = this.#gateway.clock.now();
    if (answer.status === 304 && kept !== undefined) {
      kept.checkedAtMs = checkedAtMs;
      return kept.description;
    }
    const description = fromSalesforceDescription(answer.body);
    this.#kept.set(key, { description, lastModified: comparableTime(answer), checkedAtMs });
    return description;
  }
}

async function describe(
  gateway: SalesforceGateway,
  account: CrmAccount,
  { sobject, since }: { readonly sobject: string; readonly since: string | null },
): Promise<SalesforceAnswer> {
  const headers: Readonly<Record<string, string>> = since === null ? {} : { 'if-modified-since': since };
  try {
    const path = REST_PATHS.describe(sobject);
    return await gateway.call({ account, kind: 'default', method: 'GET', path, headers });
  } catch (error) {
    if (!(error instanceof SalesforceRejected) || error.status !== 404) throw error;
    const message = `The connected Salesforce user may not see the object ${sobject}.`;
    throw new CrmPermissionMissing(message, { sobject }, error);
  }
}

/** A time of change is in whole seconds: one from the second of the answer may miss what happened later in it. */
function comparableTime({ lastModified, date }: SalesforceAnswer): string | null {
  const changedMs = Date.parse(lastModified ?? '');
  return date !== null && date.getTime() - changedMs >= SECOND_MS ? lastModified : null;
}

function keyOf({ connectionId }: CrmAccount, sobject: string): string {
  return `${connectionId}/${sobject}`;
}
