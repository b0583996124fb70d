import { describe, expect, it } from 'vitest';
import type { QualificationRule } from '../../../shared/program-definition.ts';
import { evaluateRules } from '../../../backend/src/qualification/evaluate-rules.ts';
import { meets, type Nearness } from '../../../backend/src/qualification/meets-rule.ts';
import { contact, contactRule, deal, dealRule, subject } from './build.ts';

const anyOf = (...values: string[]): QualificationRule => contactRule({ values });
const atLeast = (value: string): QualificationRule => contactRule({ operator: 'at_least', values: [value] });
const ordered = (value: string, reached: string[]): QualificationRule =>
  dealRule({ operator: 'at_or_after', values: [value], stages: { reached, kept: reached } });

describe('any of', () => {
  it.each<[string, QualificationRule, string | null, Nearness]>([
    ['a text as it is', anyOf('Gold plan'), 'Gold plan', 'met'],
    ['a text between spaces', anyOf('Gold plan'), '\t Gold plan ', 'met'],
    ['a text without its inner space', anyOf('Gold plan'), 'Goldplan', 'nearly'],
    ['a text in other case', anyOf('Gold plan'), 'gold plan', 'nearly'],
    ['a text composed otherwise', anyOf('caf\u00e9'), 'cafe\u0301', 'nearly'],
    ['a text that contains it', anyOf('Gold'), 'Gold plan', 'value_differs'],
    ['the internal value of a select', anyOf('customer'), 'customer', 'met'],
    ['the label of a select', anyOf('8817'), 'Customer', 'value_differs'],
    ['the second value of a radio', anyOf('a', 'b'), 'b', 'met'],
    ['a boolean that is true', anyOf('true'), 'true', 'met'],
    ['a boolean that is false, wanted so', anyOf('false'), 'false', 'met'],
    ['a boolean that is false', anyOf('true'), 'false', 'value_differs'],
    ['a boolean nobody set', anyOf('false'), null, 'value_differs'],
    ['a boolean nobody set, read as empty', anyOf('false'), '', 'value_differs'],
    ['a boolean in capitals', anyOf('true'), 'TRUE', 'nearly'],
    ['the first part of a multi-select', anyOf('a'), 'a;b', 'met'],
    ['a later part between spaces', anyOf('b'), 'a; b ;c', 'met'],
    ['no part of a multi-select', anyOf('d'), 'a;b', 'value_differs'],
    ['a part in other case', anyOf('b'), 'a;B', 'nearly'],
    ['a text that itself holds a semicolon', anyOf('a;b'), 'a;b', 'met'],
    ['empty parts', anyOf('x'), ';;', 'value_differs'],
    ['nothing, though a wanted value is blank', anyOf(' '), '', 'value_differs'],
    ['a number as text only', anyOf('5'), '5.0', 'value_differs'],
  ])('reads %s (C8, RR-46, E11)', (_what, rule, value, expected) => {
    expect(meets(rule, value)).toBe(expected);
  });
});

describe('at least', () => {
  it.each<[string, string, string | null, Nearness]>([
    ['more', '50', '51', 'met'],
    ['the very number', '50', '50', 'met'],
    ['the same in other digits', '50', '050.00', 'met'],
    ['a hair less', '50', '49.9999999999999999999', 'below'],
    ['decimals that floats confuse', '0.3', '0.30000000000000001', 'met'],
    ['less by more digits than a float has', '9007199254740993', '9007199254740992', 'below'],
    ['an exponent', '12000000', '1.25E7', 'met'],
    ['a small exponent', '1', '9.9e-1', 'below'],
    ['a number between spaces', '5', ' 5 ', 'met'],
    ['a negative number', '5', '-6', 'below'],
    ['minus zero', '0', '-0', 'met'],
    ['a negative threshold from above', '-5', '-4.5', 'met'],
    ['a negative threshold from below', '-5', '-5.1', 'below'],
    ['nothing', '0', null, 'value_differs'],
    ['blank', '0', ' ', 'value_differs'],
    ['a word', '1', 'many', 'value_differs'],
    ['a thousands separator', '1', '1,000', 'value_differs'],
    ['a decimal comma', '1', '1,5', 'value_differs'],
    ['a currency sign', '1', '$5', 'value_differs'],
    ['two numbers', '1', '5;6', 'value_differs'],
    ['not a number', '1', 'NaN', 'value_differs'],
    ['infinity', '1', 'Infinity', 'value_differs'],
    ['hexadecimal', '1', '0x10', 'value_differs'],
  ])('reads %s (RL-22, C8)', (_what, least, value, expected) => {
    expect(meets(atLeast(least), value)).toBe(expected);
  });

  it('is met by nothing where no number is wanted (RL-22)', () => {
    expect(meets(contactRule({ operator: 'at_least', values: [] }), '5')).toBe('value_differs');
    expect(meets(atLeast('a lot'), '5')).toBe('value_differs');
  });
});

describe('at or after', () => {
  it.each<[string, string | null, Nearness]>([
    ['the stage itself', 'talk', 'met'],
    ['a later stage', 'won', 'met'],
    ['a later stage between spaces', ' won ', 'met'],
    ['an earlier stage', 'new', 'value_differs'],
    ['a lost stage', 'lost', 'value_differs'],
    ['a stage in other case', 'Won', 'nearly'],
    ['no stage', null, 'value_differs'],
  ])('reads %s by the order kept with the rule (RL-22, C8)', (_what, value, expected) => {
    expect(meets(ordered('talk', ['talk', 'won', 'after']), value)).toBe(expected);
  });

  it('is met by the named stage alone where no order is kept (RL-22)', () => {
    const rule = dealRule({ operator: 'at_or_after', values: ['talk'] });
    expect([meets(rule, 'talk'), meets(rule, 'won')]).toEqual(['met', 'value_differs']);
  });
});

describe('every object', () => {
  const company = { ...contact({ size: '50' }), objectType: 'company' as const, recordId: '31' };
  const contacts = [contact({ size: '50' })];
  const deals = [deal({ stage: 'open', values: { size: '50' } })];
  const all = subject({ contacts, deals, companies: [company] });
  const rules = {
    contact: { ...contactRule({ operator: 'at_least', field: 'size', values: ['50'] }), object: 'contact' },
    company: { ...contactRule({ operator: 'at_least', field: 'size', values: ['50'] }), object: 'company' },
    deal: { ...contactRule({ operator: 'at_least', field: 'size', values: ['50'] }), object: 'deal', pipelineId: null },
  } as const satisfies Record<string, QualificationRule>;

  it.each(['contact', 'company', 'deal'] as const)('a rule on the %s looks at those records only (RR-32)', (object) => {
    const verdict = evaluateRules({ rules: [rules[object]], subject: all });
    const recordId = { contact: '101', company: '31', deal: '9001' }[object];
    expect(verdict).toMatchObject({ status: 'qualified', decidingRecord: { objectType: object, recordId } });
    expect(verdict.trace[0]?.seen).toHaveLength(1);
    expect(evaluateRules({ rules: [rules[object]], subject: subject({}) }).trace[0]?.missing).toBe('no_record');
  });

  it('a rule on a property of a deal does not ask for its pipeline (RR-32, C8)', () => {
    const elsewhere = subject({ deals: [deal({ stage: null, pipeline: null, values: { size: '60' } })] });
    const { trace, status } = evaluateRules({ rules: [rules.deal], subject: elsewhere });
    expect(status).toBe('qualified');
    expect(trace[0]).not.toHaveProperty('pipelineId');
  });
});

describe('priority', () => {
  const both = subject({
    contacts: [contact({ a: 'x', b: 'x' }, { modifiedAt: '2026-11-09T00:00:00Z' })],
    deals: [deal({ stage: 'closedwon', entered: { closedwon: '2026-11-01T00:00:00Z' } })],
  });
  const rule = (id: string, priority: number, more: object = {}): QualificationRule =>
    contactRule({ id, priority, field: 'a', values: ['x'], status: 'approved', ...more });

  it('the lowest number of those that give the highest status decides, before the time and the id (RR-32)', () => {
    const decide = (...rules: QualificationRule[]): string | null =>
      evaluateRules({ rules, subject: both }).decidingRuleId;
    expect(decide(rule('rul_z', 1), rule('rul_a', 2), dealRule({ id: 'rul_b', priority: 3 }))).toBe('rul_z');
    expect(decide(rule('rul_z', 5), dealRule({ id: 'rul_zz', priority: 5 }))).toBe('rul_zz');
    expect(decide(rule('rul_z', 5), rule('rul_a', 5, { field: 'b' }))).toBe('rul_a');
    expect(decide(rule('rul_z', 1, { status: 'qualified' }), rule('rul_a', 9))).toBe('rul_a');
  });
});
