import type { ErrorDetails } from '../errors/passalong-error.ts';
import { PassalongError } from '../errors/passalong-error.ts';

export type MigrationErrorCode =
  | 'migration_owner_missing'
  | 'migration_role_missing'
  | 'migration_role_unbound'
  | 'migration_newer_database'
  | 'migration_busy';

type MigrationErrorInput = { code: MigrationErrorCode; message: string; remedy: string; cause?: unknown };

/** The schema could not be brought up to date for a reason the operator can act on. */
export class MigrationError extends PassalongError {
  override readonly details: ErrorDetails;

  constructor({ code, message, remedy, cause }: MigrationErrorInput) {
    super(`${message} ${remedy}`, {}, cause);
    this.details = { code, status: 500, retry: code === 'migration_busy' ? 'later' : 'never', remedy };
  }
}
