import { conflict, invalid } from '../errors.ts';
import type { HubSpotError } from '../errors.ts';
import { errorEntry } from './error-entry.ts';
import type { ErrorEntry } from './error-entry.ts';
import type { Subject } from './scope.ts';

/** Why one property value was refused. */
export interface Problem {
  name: string;
  error: string;
  message: string;
}

/** Two more reasons a write of one record fails, besides its values. */
export type Refusal = { problems: Problem[] } | { existingId: string };

type RefusedFor = Pick<Subject, 'type' | 'portal'>;

/** The message holds JSON in a string: clients do parse it, so the form matters. */
function messageOf(problems: readonly Problem[], portalId: number): string {
  const listed = problems.map(({ name, error, message }) => ({
    isValid: false,
    message,
    error,
    name,
    localizedErrorMessage: message,
    portalId,
  }));
  return `Property values were not valid: ${JSON.stringify(listed)}`;
}

const detailsOf = (problems: readonly Problem[]) =>
  problems.map(({ name, error, message }) => ({ message, code: error, context: { propertyName: [name] } }));

export function refusalError(refusal: Refusal, { type, portal }: RefusedFor): HubSpotError {
  if ('existingId' in refusal) {
    const noun = type.singular.charAt(0).toUpperCase() + type.singular.slice(1);
    return conflict(`${noun} already exists. Existing ID: ${refusal.existingId}`);
  }
  return invalid(messageOf(refusal.problems, portal.portalId), { errors: detailsOf(refusal.problems) });
}

/** The same refusal as one entry of a multi-status answer. */
export function refusalEntry(refusal: Refusal, subject: RefusedFor, context: Record<string, string[]>): ErrorEntry {
  const { category, message, errors } = refusalError(refusal, subject).input;
  return errorEntry({ category, message, context, ...(errors && { errors }) });
}
