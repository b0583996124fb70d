import { invalidField, malformedQuery } from '../errors.ts';
import type { SelectContext, Subselect } from './context.ts';
import { scopeOf } from './scope.ts';
import { compileSelect } from './select.ts';

/** One level of children. */
export function subselectWith(context: () => SelectContext): Subselect {
  return (scope, subquery) => {
    const wanted = subquery.relationshipName.toLowerCase();
    const child = scope.type.children.find(({ relationshipName }) => relationshipName.toLowerCase() === wanted);
    if (!child)
      throw invalidField(
        `Didn't understand relationship '${subquery.relationshipName}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`,
      );
    const within = scopeOf(scope.org, child.childObject);
    if (subquery.fields?.some(({ type }) => type === 'FieldSubquery'))
      throw malformedQuery('a subquery has no subquery here');
    const select = compileSelect(within, subquery, context());
    const table = scope.org.tables.of(child.childObject);
    return {
      name: child.relationshipName,
      read: (row) => {
        const records = select(table.having(child.field, [row['Id'] ?? null]));
        return records.length === 0 ? null : { totalSize: records.length, done: true, records };
      },
    };
  };
}
