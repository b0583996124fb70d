import { isJsonObject, objectOrEmpty, requireList, textOrNull, type JsonObject } from '../answer-shape.ts';
import { CrmUnavailable } from '../errors.ts';
import type { CallKind, CrmAccount } from '../port.ts';
import { REST_PATHS, MAX_PATH_CHARACTERS } from './rest-paths.ts';
import type { SalesforceGateway } from './gateway.ts';

export type QueryInput = {
  readonly soql: string;
  readonly kind: CallKind;
  /** Deleted and merged records are answered too. */
  readonly deletedToo?: boolean;
};

/** Every row of a query, with every row of its child queries, however many pages that takes. */
export async function queryRows(
  gateway: SalesforceGateway,
  account: CrmAccount,
  input: QueryInput,
): Promise<readonly JsonObject[]> {
  const pages = new Pages(gateway, account, input.kind);
  const rows: JsonObject[] = [];
  for (const row of await pages.from(pathOf(input))) {
    const unfinished = unfinishedOf(row);
    rows.push(unfinished.length === 0 ? row : await withChildren(row, unfinished, pages));
  }
  return rows;
}

/** How many rows there are: a query that begins with `SELECT COUNT()`. */
export async function countRows(gateway: SalesforceGateway, account: CrmAccount, input: QueryInput): Promise<number> {
  const answer = await gateway.call({ account, kind: input.kind, method: 'GET', path: pathOf(input) });
  const total = objectOrEmpty(answer.body)['totalSize'];
  if (typeof total === 'number' && Number.isSafeInteger(total)) return total;
  throw new CrmUnavailable('Salesforce answered a count without a number.');
}

export type QueryByValuesInput<Value> = Omit<QueryInput, 'soql'> & {
  readonly values: readonly Value[];
  readonly soqlOf: (values: readonly Value[]) => string;
};

/** One query for many values; in several where the address of one would be too long. */
export async function queryByValues<Value>(
  gateway: SalesforceGateway,
  account: CrmAccount,
  input: QueryByValuesInput<Value>,
): Promise<readonly JsonObject[]> {
  const { values, soqlOf } = input;
  if (values.length === 0) return [];
  const query = { ...input, soql: soqlOf(values) };
  if (values.length === 1 || pathOf(query).length <= MAX_PATH_CHARACTERS) return queryRows(gateway, account, query);
  const middle = Math.ceil(values.length / 2);
  const [first, second] = [values.slice(0, middle), values.slice(middle)];
  return [
    ...(await queryByValues(gateway, account, { ...input, values: first })),
    ...(await queryByValues(gateway, account, { ...input, values: second })),
  ];
}

/** The rows of a child query; none where the relationship is empty, which Salesforce states as null. */
export function childRows(row: JsonObject, relationship: string): readonly JsonObject[] {
  const child = row[relationship];
  if (child === null || child === undefined) return [];
  return requireList(objectOrEmpty(child)['records'], `the ${relationship} of a record`).map(objectOrEmpty);
}

function pathOf({ soql, deletedToo }: QueryInput): string {
  return deletedToo === true ? REST_PATHS.queryAll(soql) : REST_PATHS.query(soql);
}

class Pages {
  readonly #gateway: SalesforceGateway;
  readonly #account: CrmAccount;
  readonly #kind: CallKind;
  readonly #seen = new Set<string>();

  constructor(gateway: SalesforceGateway, account: CrmAccount, kind: CallKind) {
    this.#gateway = gateway;
    this.#account = account;
    this.#kind = kind;
  }

  async from(firstPath: string): Promise<readonly JsonObject[]> {
    const rows: JsonObject[] = [];
    let path: string | null = firstPath;
    while (path !== null) {
      if (this.#seen.has(path)) throw new CrmUnavailable('Salesforce answered a page that leads to itself.');
      this.#seen.add(path);
      const answer = await this.#gateway.call({ account: this.#account, kind: this.#kind, method: 'GET', path });
      const body = objectOrEmpty(answer.body);
      rows.push(...requireList(body['records'], 'the records of a query').map(objectOrEmpty));
      path = nextPath(body);
    }
    return rows;
  }
}

function nextPath(page: JsonObject): string | null {
  if (page['done'] === true) return null;
  const next = textOrNull(page['nextRecordsUrl']);
  if (next === null) throw new CrmUnavailable('Salesforce answered part of a query and did not say where it goes on.');
  return next;
}

/** Names of the child queries of which this is only the first page. */
function unfinishedOf(row: JsonObject): readonly string[] {
  return Object.keys(row).filter((name) => {
    const value = row[name];
    return typeof value === 'object' && isJsonObject(value) && value['done'] === false;
  });
}

async function withChildren(row: JsonObject, unfinished: readonly string[], pages: Pages): Promise<JsonObject> {
  const whole: Record<string, unknown> = { ...row };
  for (const name of unfinished) {
    const page = objectOrEmpty(row[name]);
    const rest = await pages.from(nextPath(page) ?? '');
    const records = [...requireList(page['records'], `the ${name} of a record`), ...rest];
    whole[name] = { ...page, done: true, records };
  }
  return whole;
}
