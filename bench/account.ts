import type { CrmName } from '../backend/src/crm/port.ts';
import type { BenchStage } from './stage.ts';

/** One call of the service to the CRM. `at`: when it came in. */
export type LoggedCall = { readonly at: number; readonly method: string; readonly path: string };

/** An account in a local CRM, in words that fit every CRM: scenarios and measurements know no others. */
export type BenchAccount = {
  readonly crm: CrmName;
  /** Settings that lead the service to this CRM. */
  readonly environment: Readonly<Record<string, string>>;
  /** A rule that holds once a deal is won, and the field with a deal's amount. */
  readonly program: { readonly wonRule: object; readonly amountField: string };
  /** Makes the account and installs the service in it. @returns the account's id in the CRM. */
  connect(publicUrl: string): Promise<string>;
  findContact(email: string): Promise<string | null>;
  /** In an early stage, worth 1,000. */
  createDeal(name: string, contactId: string): Promise<string>;
  winDeal(dealId: string): Promise<void>;
  /** Until what changed so far lies far enough back for the service to look at it once only. */
  settle(): Promise<void>;
  /** From now on the service hears of no change, until `releaseNews`. */
  holdNews(stage: BenchStage): Promise<void>;
  releaseNews(stage: BenchStage): Promise<void>;
  /**
   * Whether the service has heard of everything that changed, its own writes included.
   * @param input.hurry it hears now what it would hear of by itself at its time.
   */
  isAllTold(stage: BenchStage, input: { readonly hurry: boolean }): Promise<boolean>;
  clearCalls(): Promise<void>;
  calls(): Promise<readonly LoggedCall[]>;
  /** The fewest calls in which the service can hear of that many won deals, read them and write what follows. */
  fewestCalls(burst: { readonly deals: number; readonly advocates: number }): number;
  /** Where the CRM keeps times in whole seconds: in milliseconds from now on, for `timesOf`. */
  showMilliseconds(): Promise<void>;
  /** For the stream of `measureLatency`: when each deal was won, the service found out, and the friend's field was written. */
  timesOf(changes: readonly Change[]): Promise<readonly ChangeTimes[]>;
  close(): Promise<void>;
};

export type Change = { readonly dealId: string; readonly contactId: string };

/** ms since the epoch, by the CRM's clock. `foundAt` is null where the CRM tells: finding is no step of its own. */
export type ChangeTimes = { readonly wonAt: number; readonly foundAt: number | null; readonly writtenAt: number };
