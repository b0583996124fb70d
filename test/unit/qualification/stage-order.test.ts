import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DealStageRule } from '../../../shared/program-definition.ts';
import type { Pipeline, PipelineStage } from '../../../backend/src/crm/port.ts';
import {
  addedStages,
  expandStages,
  followsOrder,
  withStageOrder,
} from '../../../backend/src/qualification/stage-order.ts';
import { contactRule, dealRule } from './build.ts';

function stage(id: string, order: number, end: 'won' | 'lost' | null = null): PipelineStage {
  return { id, label: `The ${id}`, order, won: end === 'won', lost: end === 'lost' };
}
const SALES: Pipeline = {
  id: 'default',
  label: 'Sales',
  stages: [stage('new', 0), stage('talk', 1), stage('won', 2, 'won'), stage('lost', 3, 'lost'), stage('after', 4)],
};
const rule = (operator: DealStageRule['operator'], ...values: string[]): DealStageRule =>
  dealRule({ operator, values, priority: 100 });

describe('the stages of a rule', () => {
  it.each<[string, DealStageRule, string[], string[]]>([
    ['any_of one', rule('any_of', 'talk'), ['talk'], ['talk', 'won', 'after']],
    ['any_of several', rule('any_of', 'won', 'new'), ['won', 'new'], ['won', 'new', 'talk', 'after']],
    ['any_of the last', rule('any_of', 'after'), ['after'], ['after']],
    ['any_of lost', rule('any_of', 'lost'), ['lost'], ['lost', 'after']],
    [
      'at_or_after the first',
      rule('at_or_after', 'new'),
      ['new', 'talk', 'won', 'after'],
      ['new', 'talk', 'won', 'after'],
    ],
    ['at_or_after won', rule('at_or_after', 'won'), ['won', 'after'], ['won', 'after']],
    ['any_of what is gone', rule('any_of', 'gone'), ['gone'], ['gone']],
    ['at_or_after what is gone', rule('at_or_after', 'gone'), ['gone'], ['gone']],
  ])('%s (RL-22, C8)', (_what, asked, reached, kept) => {
    expect(expandStages(asked, SALES)).toEqual({ reached, kept, known: ['after', 'lost', 'new', 'talk', 'won'] });
  });
});

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const anyStages = fc
  .uniqueArray(fc.constantFrom(...IDS), { minLength: 1 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({ order: fc.integer({ min: 0, max: 5 }), lost: fc.boolean() })
          .map(({ order, lost }): PipelineStage => ({ ...stage(id, order), lost })),
      ),
    ),
  );
const anyRule = fc
  .record({
    operator: fc.constantFrom('any_of' as const, 'at_or_after' as const),
    values: fc.uniqueArray(fc.constantFrom(...IDS), { minLength: 1, maxLength: 3 }),
  })
  .map(({ operator, values }) => rule(operator, ...(operator === 'any_of' ? values : values.slice(0, 1))));

describe('for any pipeline', () => {
  const of = (asked: DealStageRule, stages: readonly PipelineStage[]) => expandStages(asked, { stages });

  it('what is named meets the rule, what meets it is kept, and nothing lost comes in unasked', () => {
    fc.assert(
      fc.property(anyRule, anyStages, (asked, stages) => {
        const { reached, kept } = of(asked, stages);
        expect(reached).toEqual(expect.arrayContaining([...asked.values]));
        expect(kept).toEqual(expect.arrayContaining([...reached]));
        const added = kept.filter((id) => !asked.values.includes(id));
        expect(stages.filter(({ id, lost }) => lost && added.includes(id))).toEqual([]);
        expect(new Set(kept).size).toBe(kept.length);
      }),
    );
  });

  it('what is kept lies at or behind the earliest stage that is named, and all of it does that is not lost', () => {
    fc.assert(
      fc.property(anyRule, anyStages, (asked, stages) => {
        const place = ({ id, order }: PipelineStage): string => `${String(order)}:${id}`;
        const named = stages
          .filter(({ id }) => asked.values.includes(id))
          .map(place)
          .sort();
        const expected = stages.filter((one) => !one.lost && named[0] !== undefined && place(one) >= named[0]);
        const added = of(asked, stages).kept.filter((id) => !asked.values.includes(id));
        expect(added.sort()).toEqual(
          expected
            .map(({ id }) => id)
            .filter((id) => !asked.values.includes(id))
            .sort(),
        );
      }),
    );
  });

  it('labels and the order of the answer make no difference (E11)', () => {
    fc.assert(
      fc.property(anyRule, anyStages, (asked, stages) => {
        const renamed = [...stages].reverse().map((one) => ({ ...one, label: 'Closed Won' }));
        expect(of(asked, renamed)).toEqual(of(asked, stages));
      }),
    );
  });

  it('a rule that was expanded follows the order it was expanded from', () => {
    fc.assert(
      fc.property(anyRule, anyStages, (asked, stages) => {
        expect(followsOrder({ ...asked, stages: of(asked, stages) }, { stages })).toBe(true);
      }),
    );
  });
});

describe('when rules are kept', () => {
  const known = ['after', 'lost', 'new', 'talk', 'won'];
  const stages = { reached: ['talk'], kept: ['talk', 'won', 'after'], known };
  const sent = { reached: ['lost'], kept: ['lost'] };

  it('what a request says about stages is replaced, and other rules are left alone', () => {
    const asked = { ...rule('any_of', 'talk'), stages: sent };
    expect(withStageOrder([asked, contactRule()], { pipelines: [SALES], earlier: [] })).toEqual([
      { ...rule('any_of', 'talk'), stages },
      contactRule(),
    ]);
  });

  it('where nobody can say, the same rule keeps what it had, and a changed one has nothing', () => {
    const earlier = [{ ...rule('any_of', 'talk'), stages }];
    const kept = (asked: DealStageRule) => withStageOrder([{ ...asked, stages: sent }], { pipelines: null, earlier });
    expect(kept(rule('any_of', 'talk'))).toEqual(earlier);
    expect(kept(rule('at_or_after', 'talk'))).toEqual([rule('at_or_after', 'talk')]);
    expect(kept(rule('any_of', 'won'))).toEqual([rule('any_of', 'won')]);
  });

  it('a rule on another property of a deal has none', () => {
    const amount = { ...rule('any_of', '5'), field: 'amount', pipelineId: null, stages: sent };
    expect(withStageOrder([amount], { pipelines: [SALES], earlier: [] })[0]).not.toHaveProperty('stages');
  });

  it('a moved stage, or one that is lost now, is noticed; a new name is not (E11)', () => {
    const kept = { ...rule('any_of', 'talk'), stages };
    const change = (id: string, more: Partial<PipelineStage>) => ({
      stages: SALES.stages.map((one) => (one.id === id ? { ...one, ...more } : one)),
    });
    expect(followsOrder(kept, change('new', { order: 9 }))).toBe(false);
    expect(followsOrder(kept, change('after', { lost: true }))).toBe(false);
    expect(followsOrder(kept, change('talk', { label: 'Another name' }))).toBe(true);
  });

  it('an added stage is noticed wherever it lies, one that no rule looks at may go (E11)', () => {
    const kept = { ...rule('any_of', 'talk'), stages };
    const withAdded = (order: number, end: 'lost' | null) => ({
      stages: [...SALES.stages, stage('added', order, end)],
    });
    for (const pipeline of [withAdded(0, null), withAdded(3, 'lost'), withAdded(9, null)]) {
      expect(addedStages(kept, pipeline)).toEqual(['added']);
      expect(followsOrder(kept, pipeline)).toBe(false);
    }
    expect(followsOrder(kept, { stages: SALES.stages.filter(({ id }) => id !== 'lost') })).toBe(true);
    const old = { ...kept, stages: { reached: stages.reached, kept: stages.kept } };
    expect(followsOrder(old, withAdded(0, null))).toBe(true);
  });
});
