import { SalesforceError } from '../errors.ts';
import type { RecordRefusal } from '../errors.ts';

const STATUS: Readonly<Record<string, number>> = {
  ENTITY_IS_DELETED: 404,
  INSUFFICIENT_ACCESS_OR_READONLY: 403,
};

/** The refusal of a single write is the whole answer. What a duplicate rule found stands under Salesforce's own misspelling. */
export function refusedWrite({ statusCode, message, fields, duplicateResult }: RecordRefusal): SalesforceError {
  return new SalesforceError({
    status: STATUS[statusCode] ?? 400,
    errorCode: statusCode,
    message,
    ...(duplicateResult ? { more: { duplicateResut: duplicateResult } } : { fields }),
  });
}

/** Inside a collection it is one entry of the record's `errors`. */
export const refusedRecord = ({ statusCode, message, fields, duplicateResult }: RecordRefusal) => ({
  success: false,
  errors: [{ ...(duplicateResult && { duplicateResult }), statusCode, message, fields }],
});
