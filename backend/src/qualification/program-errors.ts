import { PassalongError, type ErrorDetails } from '../errors/passalong-error.ts';
import { ProgramNotFound } from '../referrals/referral-errors.ts';
import type { FieldProblem } from './check-problem.ts';

/** The settings contradict each other, or name something the CRM account does not have. */
export class ProgramInvalid extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'program_invalid',
    status: 422,
    retry: 'never',
    remedy: 'Mend the fields listed in `fields`; each says how.',
  };

  constructor(fields: readonly FieldProblem[]) {
    super(fields.length === 1 ? 'One field was refused.' : `${fields.length} fields were refused.`, { fields });
  }
}

/** Somebody saved the program since it was read. */
export class ProgramChanged extends PassalongError {
  override readonly details: ErrorDetails = {
    code: 'program_changed',
    status: 409,
    retry: 'never',
    remedy: 'Read the program again, look at what changed, then send your change with its new rowVersion.',
  };

  constructor(rowVersion: number) {
    super('Somebody saved this program meanwhile.', { rowVersion });
  }
}

/** The same error everywhere: a program that is not there, or belongs to somebody else. */
export function programNotFound(programId: string): ProgramNotFound {
  return new ProgramNotFound(`There is no program ${programId} in this workspace.`);
}
