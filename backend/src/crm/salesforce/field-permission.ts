import { CrmPermissionMissing } from '../errors.ts';
import { safeWords } from './safe-words.ts';
import { SalesforceRejected } from './rejection.ts';

/** Salesforce calls a field that the user may not see one that does not exist. */
export function namesUnknownField(error: unknown): error is SalesforceRejected {
  return error instanceof SalesforceRejected && error.has('INVALID_FIELD');
}

/** For reads that cannot do without their fields: where one is hidden they wait, for nothing is wrong with the records. */
export async function asPermission<T>(sobject: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!namesUnknownField(error)) throw error;
    const message = `The connected Salesforce user may not see a field of ${sobject} that we need. ${safeWords(error.errors)}`;
    throw new CrmPermissionMissing(message, { sobject }, error);
  }
}
