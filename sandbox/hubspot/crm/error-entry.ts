import type { ErrorDetail } from '../errors.ts';

export interface ErrorEntryInput {
  category: string;
  message: string;
  context: Record<string, string[]>;
  subCategory?: string;
  errors?: ErrorDetail[];
}

/** One entry in the `errors` of a multi-status answer. */
export function errorEntry({ category, subCategory, message, context, errors = [] }: ErrorEntryInput) {
  return {
    status: 'error',
    category,
    ...(subCategory !== undefined && { subCategory }),
    message,
    context,
    errors,
    links: {},
  };
}

export type ErrorEntry = ReturnType<typeof errorEntry>;
