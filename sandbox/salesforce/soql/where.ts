import type { Condition, WhereClause } from '@jetstreamapp/soql-parser-js';

import { malformedQuery } from '../errors.ts';
import { compileCondition } from './condition.ts';
import type { AnyCondition, Compiled } from './condition.ts';
import type { Semijoin } from './context.ts';
import type { Scope } from './scope.ts';

type Token = '(' | ')' | 'AND' | 'OR' | 'NOT' | { condition: AnyCondition };

/** The parser hands a chain with counts of parentheses; this lays it out again, to be read with SOQL's own rules. */
function tokensOf(clause: WhereClause): Token[] {
  const tokens: Token[] = [];
  let here: WhereClause | undefined = clause;
  while (here) {
    const left = here.left as (Condition & { openParen?: number; closeParen?: number }) | null;
    tokens.push(...Array<Token>(left?.openParen ?? 0).fill('('));
    if (left && ('field' in left || 'fn' in left)) tokens.push({ condition: left });
    tokens.push(...Array<Token>(left && 'closeParen' in left ? (left.closeParen ?? 0) : 0).fill(')'));
    if ('operator' in here) tokens.push(here.operator);
    here = 'right' in here ? here.right : undefined;
  }
  return tokens;
}

export function compileWhere(scope: Scope, clause: WhereClause, semijoin: Semijoin): Compiled {
  const tokens = tokensOf(clause);
  const reader = { at: 0, tokens, scope, semijoin };
  const compiled = readChain(reader);
  if (reader.at < tokens.length) throw malformedQuery(`unexpected token: ${nameOf(tokens[reader.at])}`);
  return compiled;
}

interface Reader {
  at: number;
  tokens: readonly Token[];
  scope: Scope;
  semijoin: Semijoin;
}

/** AND and OR side by side need parentheses: Salesforce refuses to guess. */
function readChain(reader: Reader): Compiled {
  const parts = [readOne(reader)];
  let joined: 'AND' | 'OR' | null = null;
  for (;;) {
    const operator = reader.tokens[reader.at];
    if (operator !== 'AND' && operator !== 'OR') break;
    if (joined !== null && joined !== operator) throw malformedQuery(`unexpected token: '${operator}'`);
    joined = operator;
    reader.at += 1;
    parts.push(readOne(reader));
  }
  const tests = parts.map(({ test }) => test);
  if (joined === 'OR') return { test: (row) => tests.some((test) => test(row)), lookup: null };
  const lookup = parts.find((part) => part.lookup !== null)?.lookup ?? null;
  return { test: (row) => tests.every((test) => test(row)), lookup };
}

function readOne(reader: Reader): Compiled {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  if (token === 'NOT') {
    const { test } = readOne(reader);
    return { test: (row) => !test(row), lookup: null };
  }
  if (token === '(') {
    const inner = readChain(reader);
    if (reader.tokens[reader.at] !== ')') throw malformedQuery("expecting a right parentheses, found 'EOF'");
    reader.at += 1;
    return inner;
  }
  if (typeof token !== 'object') throw malformedQuery(`unexpected token: ${nameOf(token)}`);
  return compileCondition(reader.scope, token.condition, reader.semijoin);
}

const nameOf = (token: Token | undefined): string => (typeof token === 'string' ? `'${token}'` : "'EOF'");
