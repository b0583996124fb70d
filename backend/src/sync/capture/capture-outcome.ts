import type { WriteRefusal } from '../../crm/port.ts';

/** What the CRM answered about one planned person. */
export type CaptureOutcome = {
  readonly recordId: string | null;
  /** Null: nothing was refused. */
  readonly refusal: WriteRefusal | null;
  /** Mapped fields the contact was written without, because the account has them no more. */
  readonly left: readonly string[];
};
