import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

/** One code that may come out of the service, as its source states it. */
export type CatalogueEntry = {
  readonly code: string;
  readonly status: string;
  readonly retry: string;
  /** The docblock of the class: what happened. */
  readonly cause: string;
  readonly remedy: string;
};

type ErrorClass = {
  readonly name: string;
  readonly base: string;
  readonly cause: string;
  readonly node: ts.ClassDeclaration;
};

/**
 * Reads every subclass of PassalongError out of the source: the literal `details` of a class, or, for a class that is
 * given its code when it is made, every `new TheClass({ code, remedy, … })`. Sorted by code.
 */
export function collectErrors(
  projectDir: string,
  folders: readonly string[] = ['backend/src', 'scripts'],
): CatalogueEntry[] {
  const files = folders.flatMap((folder) => sourceFiles(join(projectDir, folder)));
  const sources = files.map((file) =>
    ts.createSourceFile(relative(projectDir, file), readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true),
  );
  const classes = errorClasses(sources);
  const found = new Map<string, CatalogueEntry>();
  for (const source of sources) {
    visit(source, (node) => {
      for (const entry of entriesAt(node, classes)) found.set(`${entry.code}\n${entry.remedy}`, entry);
    });
  }
  return [...found.values()].sort((a, b) => (a.code + a.remedy < b.code + b.remedy ? -1 : 1));
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((name) => join(folder, name));
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** Classes below PassalongError, however deep. */
function errorClasses(sources: readonly ts.SourceFile[]): Map<string, ErrorClass> {
  const all: ErrorClass[] = [];
  for (const source of sources) {
    visit(source, (node) => {
      if (!ts.isClassDeclaration(node) || !node.name) return;
      const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
      if (base) all.push({ name: node.name.text, base: base.expression.getText(), cause: docblockOf(node), node });
    });
  }
  const known = new Map<string, ErrorClass>();
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const item of all) if (item.base === 'PassalongError' || known.has(item.base)) known.set(item.name, item);
  }
  return known;
}

function docblockOf(node: ts.ClassDeclaration): string {
  const texts = ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment));
  return (texts.at(-1) ?? '').replace(/\s+/g, ' ').trim();
}

function entriesAt(node: ts.Node, classes: ReadonlyMap<string, ErrorClass>): CatalogueEntry[] {
  if (ts.isPropertyDeclaration(node) && node.name.getText() === 'details' && node.initializer) {
    const owner = ts.isClassDeclaration(node.parent) ? classes.get(node.parent.name?.text ?? '') : undefined;
    const literal = ts.isObjectLiteralExpression(node.initializer) ? node.initializer : undefined;
    return owner && literal ? toEntries(owner, literal) : [];
  }
  if (ts.isNewExpression(node)) {
    const owner = classes.get(node.expression.getText());
    const literal = node.arguments?.find(ts.isObjectLiteralExpression);
    return owner && literal ? toEntries(owner, literal) : [];
  }
  return [];
}

function toEntries(owner: ErrorClass, literal: ts.ObjectLiteralExpression): CatalogueEntry[] {
  const codes = textsOf(valueOf(literal, 'code'));
  const remedy = valueOf(literal, 'remedy');
  if (codes.length === 0 || !remedy) return [];
  const own = detailsInside(owner.node);
  const read = (name: string): string =>
    textsOf(valueOf(literal, name) ?? (own && valueOf(own, name))).join(' or ') || 'depends';
  return codes.map((code) => ({
    code,
    status: read('status'),
    retry: read('retry'),
    cause: owner.cause,
    remedy: textsOf(remedy).join(' … '),
  }));
}

/** `this.details = { … }` of a class that is told its code. */
function detailsInside(node: ts.ClassDeclaration): ts.ObjectLiteralExpression | undefined {
  let found: ts.ObjectLiteralExpression | undefined;
  visit(node, (inner) => {
    if (
      ts.isBinaryExpression(inner) &&
      inner.left.getText() === 'this.details' &&
      ts.isObjectLiteralExpression(inner.right)
    ) {
      found = inner.right;
    }
  });
  return found;
}

function valueOf(literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const property = literal.properties.find((item) => item.name?.getText() === name);
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/** The texts an expression may be: of a choice both, of a template its fixed parts. */
function textsOf(node: ts.Expression | undefined): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isNumericLiteral(node)) return [node.text];
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node)) return textsOf(node.expression);
  if (ts.isBinaryExpression(node)) return [[...textsOf(node.left), ...textsOf(node.right)].join('')];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')];
  }
  return [];
}
