import { createHash } from 'node:crypto';
import type { ProgramDraft } from '../../../shared/contracts/program-definition.ts';
import type { ProgramReport } from '../../../shared/contracts/programs.ts';
import type { ProgramDefinition, QualificationRule } from '../../../shared/program-definition.ts';
import type { Clock } from '../clock.ts';
import type { CrmName, Pipeline } from '../crm/port.ts';
import type { Database } from '../db/database.ts';
import { newId, randomText } from '../ids.ts';
import { accountNeeds, checkAccount } from './check-account.ts';
import { checkDefinition, PUBLISH_ONLY_CODES } from './check-definition.ts';
import type { FieldProblem } from './check-problem.ts';
import { definitionOfCrm, problemsOfCrm } from './definition-of-crm.ts';
import { ProgramInvalid, programNotFound } from './program-errors.ts';
import { findCurrency, findProgram, insertProgram, updateDraft } from './programs-store.ts';
import { isMissing, readAccount, type AccountReader, type ConnectedAccount } from './read-account.ts';
import { withStageOrder } from './stage-order.ts';

export type ProgramDeps = {
  readonly database: Database;
  readonly clock: Clock;
  /** The CRM accounts a workspace is connected to now. */
  readonly connectedAccounts: (workspaceId: string) => Promise<readonly ConnectedAccount[]>;
  /** How to ask each CRM what an account offers. */
  readonly accountReaders: Readonly<Partial<Record<CrmName, AccountReader>>>;
  /** How long a person who saves waits for the CRM. (Default: 5000) */
  readonly crmPatienceMs?: number;
};

export type ProgramWarning = { code: 'crm_not_checked'; message: string };
export type SavedProgram = ProgramReport & { warnings: ProgramWarning[] };

/**
 * Creates a program as a draft. Throws `ProgramInvalid` with every problem. The same request again, by its key, finds the
 * program it made: also when the first answer was lost after the program was stored.
 */
export async function createProgram(
  deps: ProgramDeps,
  workspaceId: string,
  input: { readonly actor: string; readonly draft: ProgramDraft; readonly requestKey: string | null },
): Promise<SavedProgram> {
  const { draft, warnings } = await refuseProblems(deps, workspaceId, { draft: withIds(input.draft), earlier: [] });
  const program = await insertProgram(deps.database, workspaceId, {
    programId: programIdFor(workspaceId, input.requestKey),
    actor: input.actor,
    now: new Date(deps.clock.now()),
    draft,
    formKey: newFormKey(),
    keys: keysFor(draft.name),
  });
  return { ...program, warnings };
}

/** Replaces a program's draft. Throws `ProgramInvalid`, `ProgramNotFound` or `ProgramChanged`. */
export async function saveProgram(
  deps: ProgramDeps,
  workspaceId: string,
  input: {
    readonly actor: string;
    readonly programId: string;
    readonly draft: ProgramDraft;
    readonly rowVersion: number | null;
  },
): Promise<SavedProgram> {
  const { actor, programId, rowVersion } = input;
  // First, so that nobody learns anything about a program of somebody else from field errors.
  const before = await findProgram(deps.database, workspaceId, programId);
  if (!before) throw programNotFound(programId);
  const earlier = rulesOf(before.draft);
  const { draft, warnings } = await refuseProblems(deps, workspaceId, { draft: withIds(input.draft), earlier });
  const now = new Date(deps.clock.now());
  const program = await updateDraft(deps.database, workspaceId, { actor, programId, rowVersion, draft, now });
  return { ...program, warnings };
}

/** The draft as it is kept: with what the order of each pipeline makes of its rules. */
async function refuseProblems(
  deps: ProgramDeps,
  workspaceId: string,
  { draft, earlier }: { readonly draft: ProgramDefinition; readonly earlier: readonly QualificationRule[] },
): Promise<{ readonly draft: ProgramDefinition; readonly warnings: ProgramWarning[] }> {
  const problems = checkDefinition(draft).filter(({ code }) => !PUBLISH_ONLY_CODES.has(code));
  const check = await checkWithAccounts(deps, workspaceId, draft);
  const all = [...problems, ...check.problems, ...(await otherCurrencies(deps, workspaceId, draft))];
  if (all.length > 0) throw new ProgramInvalid(all);
  return {
    draft: { ...draft, rules: withStageOrder(draft.rules, { pipelines: check.pipelines, earlier }) },
    warnings: check.unchecked.map(({ account }) => notChecked(account)),
  };
}

/** Saving gave every rule an id. */
export function rulesOf({ rules }: ProgramReport['draft']): readonly QualificationRule[] {
  return rules as readonly QualificationRule[];
}

/** A total in the CRM cannot add up several currencies, so fixed amounts are in the workspace's own. */
export async function otherCurrencies(
  deps: ProgramDeps,
  workspaceId: string,
  draft: ProgramDefinition,
): Promise<FieldProblem[]> {
  const currency = await findCurrency(deps.database, workspaceId);
  return draft.rewardRules.flatMap((rule, index): FieldProblem[] =>
    rule.kind === 'fixed' && rule.currency !== currency
      ? [
          {
            path: `rewardRules.${index}.currency`,
            code: 'currency_of_another',
            message: `The amount is in ${rule.currency}, the account’s currency is ${currency}.`,
            remedy: `Write the amount in ${currency}: totals on contacts are kept in it.`,
          },
        ]
      : [],
  );
}

export type AccountCheck = {
  readonly problems: readonly FieldProblem[];
  /** Of the accounts that rules are about; null when none is known, or nothing named one. */
  readonly pipelines: readonly Pipeline[] | null;
  /** Accounts that could not be asked for something the definition needs. */
  readonly unchecked: readonly {
    readonly account: ConnectedAccount;
    readonly cause: unknown;
    readonly missing: boolean;
  }[];
};

/** Checks a definition against every connected account whose CRM can be asked. Never throws for a CRM that is down. */
export async function checkWithAccounts(
  deps: ProgramDeps,
  workspaceId: string,
  definition: ProgramDefinition,
): Promise<AccountCheck> {
  const accounts = await deps.connectedAccounts(workspaceId);
  const problems: FieldProblem[] = [];
  const unchecked: { account: ConnectedAccount; cause: unknown; missing: boolean }[] = [];
  let pipelines: readonly Pipeline[] | null = null;
  // Alone, an account answers for every name, so that one of the CRM that is not connected is found out.
  const isAlone = new Set(accounts.map(({ crm }) => crm)).size === 1;
  for (const account of accounts) {
    const needs = accountNeeds(isAlone ? definition : definitionOfCrm(definition, account.crm));
    const { facts, failure } = await readAccount(deps.accountReaders[account.crm], {
      account,
      needs,
      patienceMs: deps.crmPatienceMs ?? 5_000,
    });
    const found = checkAccount(definition, facts, account.crm);
    problems.push(...(isAlone ? found : problemsOfCrm(found, definition, account.crm)));
    if (facts.pipelines) pipelines = [...(pipelines ?? []), ...facts.pipelines];
    if (failure) unchecked.push({ account, cause: failure.cause, missing: isMissing(needs, facts) });
  }
  return { problems, pipelines, unchecked };
}

export function notChecked({ crm, externalAccountId }: ConnectedAccount): ProgramWarning {
  const name = crm === 'hubspot' ? 'HubSpot' : 'Salesforce';
  const message = `${name} account ${externalAccountId} did not answer, so stages and properties were not fully checked against it.`;
  return { code: 'crm_not_checked', message };
}

function programIdFor(workspaceId: string, requestKey: string | null): string {
  if (requestKey === null) return newId('prg');
  const digest = createHash('sha256').update(`${workspaceId}\n${requestKey}`).digest('hex');
  return `prg_${digest.slice(0, 20)}`;
}

/** Given ids are kept: history hangs on them. */
function withIds(draft: ProgramDraft): ProgramDefinition {
  return {
    ...draft,
    rules: draft.rules.map((rule) => ({ ...rule, id: rule.id ?? newId('rul') })),
    rewardRules: draft.rewardRules.map((reward) => ({ ...reward, id: reward.id ?? newId('rwr') })),
  };
}

/** Public by design: it may only sign people up, from the origins its program names. */
function newFormKey(): string {
  return `pf_${randomText(26, 'abcdefghjkmnpqrstuvwxyz23456789')}`;
}

/** Keys become part of CRM field names: lower-case letters, digits and underscores, short, never changed again. */
function* keysFor(name: string): Generator<string> {
  const words = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_');
  const base = words.slice(0, 32).replace(/^_+|_+$/g, '') || 'program';
  yield base;
  for (let number = 2; number <= 9; number += 1) yield `${base}_${number}`;
  for (;;) yield `${base}_${randomText(6, 'abcdefghjkmnpqrstuvwxyz23456789')}`;
}
