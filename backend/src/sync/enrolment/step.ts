import type { ClaimedEnrolment } from '../../enrolment/enrolments-store.ts';
import type { PublishedProgram } from '../../qualification/published-programs.ts';
import type { ConnectionWork } from '../connection-work.ts';

export type StepInput = {
  readonly work: ConnectionWork;
  readonly claimed: ClaimedEnrolment;
  readonly program: PublishedProgram;
  readonly programs: readonly PublishedProgram[];
};

export type StepResult = {
  /** Everybody the source holds is enrolled, and everybody who left is seen off. */
  readonly ended: boolean;
  readonly worked: boolean;
};

/** The program was published with its enrolment off. */
export class EnrolmentSwitchedOff extends Error {}

/** Another worker, or a person, moved the enrolment on meanwhile: this step's transaction must not count. */
export class Overtaken extends Error {}
