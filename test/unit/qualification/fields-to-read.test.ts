import { expect, it } from 'vitest';
import {
  NEW_PROGRAM_SETTINGS,
  type PercentRewardRule,
  type ProgramDefinition,
} from '../../../shared/program-definition.ts';
import { fieldsToRead } from '../../../backend/src/qualification/fields-to-read.ts';
import { contactRule, dealRule } from './build.ts';

function percentReward(object: 'contact' | 'deal', field: string): PercentRewardRule {
  const saleValue = { object, field } as const;
  const base = { id: 'rwr_1', recipient: 'advocate', onStatus: 'approved', approval: 'manual' } as const;
  return { ...base, kind: 'percent', percent: '10', saleValue };
}

function definition(input: Partial<ProgramDefinition>): ProgramDefinition {
  return {
    ...NEW_PROGRAM_SETTINGS,
    name: 'Friends',
    landingUrl: 'https://example.com',
    rules: [],
    rewardRules: [],
    ...input,
  };
}

it('reads the stage, the pipeline and when each wanted stage was entered, each field once (RF-29, RF-31)', () => {
  const first = definition({ rules: [dealRule({ values: ['won', 'signed'] }), contactRule({ field: 'level' })] });
  const second = definition({ rules: [dealRule({ id: 'r2', values: ['won'] }), contactRule({ id: 'r3' })] });
  expect(fieldsToRead([first, second], 'hubspot')).toEqual({
    contact: ['level', 'lifecyclestage'],
    company: [],
    deal: ['dealstage', 'hs_v2_date_entered_signed', 'hs_v2_date_entered_won', 'pipeline'],
  });
});

it('reads the amount with its currency and the home amount when a percentage is taken from it (RF-42, RF-43, E19)', () => {
  const amount = definition({ rewardRules: [percentReward('deal', 'amount')] });
  expect(fieldsToRead([amount], 'hubspot').deal).toEqual(['amount', 'amount_in_home_currency', 'deal_currency_code']);
});

it('reads any other sale value from the object it is chosen on (RF-42, RF-43)', () => {
  const fields = fieldsToRead(
    [definition({ rewardRules: [percentReward('deal', 'margin'), percentReward('contact', 'first_order_value')] })],
    'hubspot',
  );
  expect(fields).toEqual({ contact: ['first_order_value'], company: [], deal: ['deal_currency_code', 'margin'] });
});

it('reads nothing for rules that are switched off (RL-03)', () => {
  const off = definition({ rules: [dealRule({ enabled: false }), contactRule({ enabled: false })] });
  expect(fieldsToRead([off], 'hubspot')).toEqual({ contact: [], company: [], deal: [] });
});

it('asks when each stage was entered that an ordered rule reaches, and not the ones it only keeps (RL-22, C8)', () => {
  const stages = { reached: ['won', 'after'], kept: ['won', 'after', 'later'] };
  const rule = dealRule({ operator: 'at_or_after', values: ['won'], stages });
  expect(fieldsToRead([definition({ rules: [rule] })], 'hubspot').deal).toEqual([
    'dealstage',
    'hs_v2_date_entered_after',
    'hs_v2_date_entered_won',
    'pipeline',
  ]);
});

it('reads what other deal and company rules, field updates and matching name (RR-34, RR-35, RR-48)', () => {
  const rules: ProgramDefinition['rules'] = [
    { ...contactRule({ id: 'rul_size', operator: 'at_least', values: ['50'] }), object: 'company', field: 'size' },
    { ...contactRule({ id: 'rul_big' }), object: 'deal', pipelineId: null, field: 'amount' },
  ];
  const decisions = {
    ...NEW_PROGRAM_SETTINGS.decisions,
    fieldUpdates: [{ object: 'company', field: 'domain', to: 'domain' } as const],
  };
  const target = [{ object: 'contact', field: 'referral_id', holds: 'referral_id' } as const];
  const matching = { ...NEW_PROGRAM_SETTINGS.matching, target };
  expect(fieldsToRead([definition({ rules, decisions, matching })], 'hubspot')).toEqual({
    contact: ['referral_id'],
    company: ['domain', 'size'],
    deal: ['amount'],
  });
});
