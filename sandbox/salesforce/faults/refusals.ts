import { SalesforceError } from '../errors.ts';
import { requestLimitExceeded } from '../http/admit.ts';
import type { Fault } from './faults.ts';

/** The answer Salesforce gives in the state a fault stands for. */
export function faultRefusal(fault: Fault): SalesforceError {
  if (fault.kind === 'requestLimit') return requestLimitExceeded(fault.message);
  const status = fault.status ?? 503;
  const errorCode = fault.errorCode ?? (status === 503 ? 'SERVER_UNAVAILABLE' : 'UNKNOWN_EXCEPTION');
  return new SalesforceError({ status, errorCode, message: fault.message ?? 'We are down for maintenance.' });
}
