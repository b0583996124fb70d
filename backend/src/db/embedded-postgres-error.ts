import type { ErrorDetails } from '../errors/passalong-error.ts';
import { PassalongError } from '../errors/passalong-error.ts';

export type EmbeddedPostgresErrorCode =
  | 'embedded_postgres_missing'
  | 'embedded_postgres_no_user'
  | 'embedded_postgres_data_unreachable'
  | 'embedded_postgres_wrong_major'
  | 'embedded_postgres_socket_directory'
  | 'embedded_postgres_setup_failed'
  | 'embedded_postgres_start_failed';

type EmbeddedPostgresErrorInput = {
  code: EmbeddedPostgresErrorCode;
  message: string;
  /** What the person at the keyboard can do about it, in plain words. */
  remedy: string;
  cause?: unknown;
};

/** The embedded database could not be set up or started. Never worth a blind retry: the supervisor has retried already. */
export class EmbeddedPostgresError extends PassalongError {
  override readonly details: ErrorDetails;

  constructor({ code, message, remedy, cause }: EmbeddedPostgresErrorInput) {
    super(`${message} ${remedy}`, {}, cause);
    this.details = { code, status: 500, retry: 'never', remedy };
  }
}
