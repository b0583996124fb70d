import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Import } from './directions.ts';

const sources = '{backend,shared,sandbox,migrations}/**/*.ts';

/** Every source file of the service, from the project's root. */
export function sourceFiles(projectDir: string): string[] {
  return globSync(sources, { cwd: projectDir, exclude: ['**/node_modules/**'] }).sort();
}

/** Every import of a file: statements, re-exports, `import()` and `import('…')` types. */
export function importsOf(projectDir: string, file: string): Import[] {
  const text = readFileSync(join(projectDir, file), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, false);
  const found: Import[] = [];
  const visit = (node: ts.Node): void => {
    const seen = importIn(node);
    if (seen) found.push({ file, ...seen });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function importIn(node: ts.Node): Omit<Import, 'file'> | undefined {
  if (ts.isImportDeclaration(node)) {
    return named(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
  }
  if (ts.isExportDeclaration(node)) return named(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node)) {
    return ts.isLiteralTypeNode(node.argument) ? named(node.argument.literal, true) : undefined;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
    return named(node.arguments[0], false);
  return undefined;
}

function named(specifier: ts.Node | undefined, typeOnly: boolean): Omit<Import, 'file'> | undefined {
  return specifier && ts.isStringLiteralLike(specifier) ? { specifier: specifier.text, typeOnly } : undefined;
}
