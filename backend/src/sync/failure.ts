import { CrmConnectionFailure } from '../crm/errors.ts';
import { PassalongError } from '../errors/passalong-error.ts';
import { SealBroken } from '../workspaces/seal.ts';

/** The CRM account as a whole cannot be used now; the item at hand is not to blame and must not lose a try. */
export function isConnectionFailure(error: unknown): boolean {
  return error instanceof CrmConnectionFailure || error instanceof SealBroken;
}

/** What a person may see of a failure: words of ours, never those of a database or a library. */
export function describeFailure(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof PassalongError) return { code: error.code, message: error.message };
  return { code: 'unexpected', message: 'Something went wrong on our side; the log says what.' };
}
