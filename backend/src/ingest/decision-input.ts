import type { MatchTrace } from '../matching/match-findings.ts';
import type { Labels } from '../qualification/explain.ts';
import type { PublishedProgram } from '../qualification/published-programs.ts';

/** What made us look at a person: the record that changed and the newest message about it, or what a person did. */
export type DecisionTrigger = {
  /** Null: nothing in the CRM, but a person or a new version of the rules. */
  readonly connectionId: string | null;
  readonly objectType: string | null;
  readonly recordId: string | null;
  readonly kind: string;
  readonly occurredAt: string;
  readonly sourceKey: string | null;
  /** The programs it concerns. (Default: all) */
  readonly programIds?: ReadonlySet<string>;
  /** The person who caused it. (Default: nobody) */
  readonly actor?: string;
  /** How the record came to be the friend's, when this reading is what said so. */
  readonly match?: MatchTrace;
};

export type DecideInput = {
  readonly workspaceId: string;
  readonly workspaceCurrency: string;
  readonly programs: readonly PublishedProgram[];
  readonly labels: Labels;
  readonly now: Date;
  /** Friends whose records changed, with what changed. */
  readonly triggers: ReadonlyMap<string, DecisionTrigger>;
  /** Decided again from what is stored: the entries say so and nobody is told (E30). (Default: false) */
  readonly replay?: boolean;
};
