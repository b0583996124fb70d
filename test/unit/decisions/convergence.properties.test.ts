import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Subject } from '../../../backend/src/qualification/subject.ts';
import { decide, keep, newReferral, owed, programOf, type Deciding, type Kept } from './small-ledger.ts';
import { anyDefinition, anyEvenlyDatedHistory } from './world.ts';

const RUNS = { numRuns: 10_000 };
const TIME = { timeout: 60_000 };

function decideOn(kept: Kept, deciding: Deciding) {
  const decision = decide(kept, deciding);
  return { kept: keep(kept, decision), asked: decision.outcome.question?.key ?? null };
}

it('whatever was read on the way, how often and how late, the last state alone decides (E2, E3, E8)', TIME, () => {
  const seen = fc.array(fc.nat(20), { maxLength: 8 });
  fc.assert(
    fc.property(anyDefinition, anyEvenlyDatedHistory, seen, (definition, history, indexes) => {
      const program = programOf(definition);
      const last = history.at(-1) as Subject;
      const once = decideOn(newReferral(), { program, subject: last });
      const read = indexes.map((index) => history[index % history.length] as Subject);
      const kept = read.reduce((now, subject) => decideOn(now, { program, subject }).kept, newReferral());
      const final = decideOn(kept, { program, subject: last });
      expect({ ...final, kept: essence(final.kept) }).toEqual({ ...once, kept: essence(once.kept) });
    }),
    RUNS,
  );
});

function essence(kept: Kept): object {
  const { status, statusReason, decidedBy, deciding } = kept.referral;
  return { status, statusReason, decidedBy, deciding, owed: owed(kept) };
}
