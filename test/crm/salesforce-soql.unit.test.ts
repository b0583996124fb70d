import { getField, parseQuery } from '@jetstreamapp/soql-parser-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalText, divideDecimals } from '../../backend/src/crm/salesforce/decimal-text.ts';
import { isLeadId, sobjectOfId, toLongId } from '../../backend/src/crm/salesforce/record-ids.ts';
import {
  anyOf,
  childQuery,
  compare,
  contains,
  idLiteral,
  instantLiteral,
  isIn,
  nameOf,
  select,
  textLiteral,
} from '../../backend/src/crm/salesforce/soql.ts';

/** Takes a literal apart as Salesforce's documentation describes it: another few lines than those that made it. */
function unquote(literal: string): string {
  const signs: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
  return literal.slice(1, -1).replace(/\\(.)/gs, (_all, sign: string) => signs[sign] ?? sign);
}

function conditionOf(soql: string): any {
  return (parseQuery(soql).where as any).left;
}

describe('queries in SOQL', () => {
  it('keeps any text inside its quotation marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const literal = textLiteral(text).soql;
        expect(unquote(literal)).toBe(text);
        expect(literal.slice(1, -1)).not.toMatch(/(?<!\\)(?:\\\\)*'/);
      }),
    );
  });

  it('reads back, in a grammar of somebody else’s, as the one condition that was meant', () => {
    const texts = ["o'neil@example.com", "x' OR Name != '", 'back\\slash', "end\\' OR Id != null --"];
    for (const text of texts) {
      const soql = select({ select: ['Id'], from: 'Contact', where: [compare('Email', '=', textLiteral(text))] });
      const condition = conditionOf(soql);
      expect([condition.field, condition.operator, unquote(condition.value)]).toEqual(['Email', '=', text]);
      expect((parseQuery(soql).where as any).right).toBeUndefined();
    }
  });

  it('takes the signs of a pattern in a searched text for what they are', () => {
    expect(contains('Name', "100%_o'k").soql).toBe("Name LIKE '%100\\%\\_o\\'k%'");
  });

  it('is a query with its conditions, order and limit', () => {
    const soql = select({
      select: ['Id', childQuery({ select: ['StageName'], from: 'OpportunityHistories' })],
      from: 'Opportunity',
      where: [
        anyOf([isIn('Id', [idLiteral('006000000000001AAA')]), compare('IsClosed', '=', true)]),
        compare('SystemModstamp', '>=', instantLiteral(new Date('2026-11-02T09:00:00.000Z'))),
      ],
      orderBy: ['Id'],
      limit: 2_000,
    });
    expect(soql).toBe(
      "SELECT Id, (SELECT StageName FROM OpportunityHistories) FROM Opportunity WHERE (Id IN ('006000000000001AAA') OR IsClosed = true) AND SystemModstamp >= 2026-11-02T09:00:00.000Z ORDER BY Id LIMIT 2000",
    );
    expect(parseQuery(soql)).toMatchObject({ sObject: 'Opportunity', limit: 2_000, fields: [getField('Id'), {}] });
  });

  it('never takes anything else for an id, a name or a list', () => {
    for (const id of ["006' OR Id != '", '006', '', '006000000000001AA', '006000000000001AAA ']) {
      expect(() => idLiteral(id)).toThrow('id');
    }
    for (const name of ['Name FROM User', 'a.b.c', "N'", '', '1st']) expect(() => nameOf(name)).toThrow('name');
    expect(() => isIn('Id', [])).toThrow('empty');
  });
});

describe('ids of Salesforce', () => {
  it('states the long form of a short id', () => {
    // From Salesforce's own documentation of the two forms.
    expect(toLongId('001D000000IqhSL')).toBe('001D000000IqhSLIAZ');
    expect(toLongId('001D000000IqhSLIAZ')).toBe('001D000000IqhSLIAZ');
    expect(toLongId('003xx000004TmiQ')).toBe('003xx000004TmiQAAS');
  });

  it('tells by the prefix whose record it is, and only of the kind that was asked for', () => {
    expect(sobjectOfId('contact', '003xx000004TmiQAAS')).toBe('Contact');
    expect(sobjectOfId('contact', '00Qxx000004TmiQAAS')).toBe('Lead');
    expect(sobjectOfId('contact', '006xx000004TmiQAAS')).toBeNull();
    expect(sobjectOfId('deal', '12345')).toBeNull();
    expect([isLeadId('00Qxx000004TmiQAAS'), isLeadId('003xx000004TmiQAAS')]).toEqual([true, false]);
  });
});

describe('decimal numbers', () => {
  it('are plain digits', () => {
    const texts = [0, -0.5, 1e21, 1.5e-7, -1.234e22, 123456.78, 5e-324].map(decimalText);
    expect(texts.slice(0, 6)).toEqual([
      '0',
      '-0.5',
      '1000000000000000000000',
      '0.00000015',
      '-12340000000000000000000',
      '123456.78',
    ]);
    expect(texts[6]).toMatch(/^0\.0{323}5$/);
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(decimalText(value)).toMatch(/^-?\d+(\.\d+)?$/);
        expect(Number(decimalText(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('divide exactly, half away from zero', () => {
    expect(divideDecimals('100', '1.25', 2)).toBe('80.00');
    expect(divideDecimals('10', '3', 2)).toBe('3.33');
    expect(divideDecimals('0.05', '2', 2)).toBe('0.03');
    expect(divideDecimals('-0.05', '2', 2)).toBe('-0.03');
    expect(divideDecimals('-0.001', '2', 2)).toBe('0.00');
    expect(divideDecimals('1000', '110.5', 0)).toBe('9');
    expect(divideDecimals('1', '0', 2)).toBeNull();
    expect(divideDecimals('one', '1', 2)).toBeNull();
  });
});
