import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import ts from 'typescript';

/** One name a file takes from a package, while it runs. `*` stands for all of them. */
export type Import = { readonly file: string; readonly from: string; readonly name: string };

/** What an entrypoint and every file it reaches by relative imports take from packages. Types are left out. */
export function readImports(entrypoint: string): readonly Import[] {
  const found: Import[] = [];
  const waiting = [entrypoint];
  const seen = new Set(waiting);
  for (const path of waiting) {
    for (const declaration of declarationsOf(path)) {
      const from = (declaration.moduleSpecifier as ts.StringLiteral).text;
      if (!from.startsWith('.')) {
        found.push(...namesOf(declaration).map((name) => ({ file: basename(path), from, name })));
        continue;
      }
      const next = resolve(dirname(path), from);
      if (!seen.has(next) && existsSync(next)) {
        seen.add(next);
        waiting.push(next);
      }
    }
  }
  return found;
}

type Declaration = ts.ImportDeclaration | ts.ExportDeclaration;

function declarationsOf(path: string): readonly Declaration[] {
  const source = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, false);
  return source.statements.filter(
    (statement): statement is Declaration =>
      (ts.isImportDeclaration(statement) && statement.importClause?.isTypeOnly !== true) ||
      (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined && !statement.isTypeOnly),
  );
}

function namesOf(declaration: Declaration): readonly string[] {
  const names = ts.isImportDeclaration(declaration)
    ? declaration.importClause?.namedBindings
    : declaration.exportClause;
  if (names === undefined || ts.isNamespaceImport(names) || ts.isNamespaceExport(names)) return ['*'];
  return names.elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ propertyName, name }) => (propertyName ?? name).text);
}
