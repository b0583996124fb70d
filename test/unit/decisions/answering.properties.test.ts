import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReferralStatus } from '../../../shared/referral-status.ts';
import type { DealView, Subject } from '../../../backend/src/qualification/subject.ts';
import type { Answer } from '../../../backend/src/qualification/trace.ts';
import { decide, keep, newReferral, owed, programOf, type Kept } from './small-ledger.ts';
import { anyDefinition, anyHistory } from './world.ts';

const RUNS = { numRuns: 10_000 };
const TIME = { timeout: 60_000 };
const RANK: Readonly<Record<ReferralStatus, number>> = { denied: -1, pending: 0, qualified: 1, approved: 2 };

type Friend = { readonly contactId: string; readonly kept: Kept; readonly answers: Map<string, Answer> };

/** The deals as one of two friends sees them: the other one is on the first, as long as their referral lives. */
function seenBy(friend: Friend, other: Friend, subject: Subject): Subject {
  const contactIds = ['101', '201'];
  const isLive = other.kept.referral.status !== 'denied';
  const deals = subject.deals.map((deal, index): DealView => {
    if (index > 0) return { ...deal, otherReferredContactIds: [], isFirst: true };
    const isFirst = !isLive || friend.contactId === '101';
    return { ...deal, contactIds, isFirst, otherReferredContactIds: isLive ? [other.contactId] : [] };
  });
  return { ...subject, contacts: [], deals };
}

it(
  'an answer about one friend lowers nobody else on the deal, and is the last that is asked of it (E3, E28)',
  TIME,
  () => {
    let answered = 0;
    const said = fc.array(fc.constantFrom<Answer>('counts', 'does_not_count'), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(anyDefinition, anyHistory, said, (definition, history, words) => {
        const program = programOf(definition);
        const friend = (contactId: string): Friend => ({ contactId, kept: newReferral(), answers: new Map() });
        let [one, other] = [friend('101'), friend('201')];
        const settle = (self: Friend, beside: Friend, subject: Subject) => {
          const seen = seenBy(self, beside, subject);
          const decision = decide(self.kept, { program, subject: seen, answers: self.answers });
          return { friend: { ...self, kept: keep(self.kept, decision) }, asked: decision.outcome.question };
        };
        const subject = history.at(-1) as Subject;
        other = settle(other, one, subject).friend;
        for (const word of words) {
          const { friend: now, asked } = settle(one, other, subject);
          one = now;
          if (asked === null) break;
          answered += 1;
          one = { ...one, answers: new Map([...one.answers, [asked.key, word]]) };
          const after = settle(one, other, subject);
          expect(after.asked?.key).not.toBe(asked.key);
          if (word === 'does_not_count') {
            expect(RANK[after.friend.kept.referral.status]).toBeLessThanOrEqual(RANK[one.kept.referral.status]);
          } else expect(RANK[after.friend.kept.referral.status]).toBeGreaterThanOrEqual(RANK[one.kept.referral.status]);
          const beside = settle(other, after.friend, subject).friend;
          expect(beside.kept.referral).toEqual(other.kept.referral);
          expect(owed(beside.kept)).toEqual(owed(other.kept));
        }
      }),
      RUNS,
    );
    expect(answered).toBeGreaterThan(500);
  },
);

it('what a person decided is not undone by any record, but may be raised or asked about (E28)', TIME, () => {
  const given = fc.record({
    status: fc.constantFrom('qualified' as const, 'approved' as const),
    indexes: fc.array(fc.nat(20), { minLength: 1, maxLength: 6 }),
  });
  fc.assert(
    fc.property(anyDefinition, anyHistory, given, (definition, history, { status, indexes }) => {
      const program = programOf(definition);
      let kept = newReferral({ status, decidedBy: 'person', personFloor: status, statusReason: 'A person decided' });
      for (const index of indexes) {
        const subject = history[index % history.length] as Subject;
        const next = keep(kept, decide(kept, { program, subject }));
        expect(RANK[next.referral.status]).toBeGreaterThanOrEqual(RANK[status]);
        kept = next;
      }
    }),
    RUNS,
  );
});
