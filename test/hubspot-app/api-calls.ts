import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import ts from 'typescript';
import type { API_PATHS } from '../../backend/src/crm/hubspot/api-paths.ts';
import { ValueFlow } from './value-flow.ts';

export type PathName = keyof typeof API_PATHS;

/** One way in which the service calls HubSpot: a path of the table, what it is filled with, and the HTTP method. */
export type ApiCall = { readonly path: PathName; readonly filledWith: readonly string[]; readonly method: string };

export type Calls = {
  readonly calls: readonly ApiCall[];
  /** Literals elsewhere that look like a path of HubSpot's API: each would slip past the table. */
  readonly strays: readonly string[];
};

const PROJECT_DIR = resolve(import.meta.dirname, '../..');
const TABLE = 'backend/src/crm/hubspot/api-paths.ts';
const STRAY =
  /^\/(crm|account-info|appinstalls|automation|webhooks|integrators|events|oauth\/20\d\d)\b|\/20\d\d-\d\d\//;
/** What a place in a path stands for when the program does not say: ids and cursors. */
const SOMETHING = '1';

/** Changes of files, by path below the project: what the service would call if it were written so. */
export type Edits = Readonly<Record<string, (text: string) => string>>;

/** Every call the sources of the service can make, read from them with TypeScript’s own eyes. */
export function readApiCalls(edits: Edits = {}): Calls {
  const program = openProgram(edits);
  const inService = (file: ts.SourceFile): boolean => relative(PROJECT_DIR, file.fileName).startsWith('backend/src/');
  const files = program.getSourceFiles().filter(inService);
  const flow = new ValueFlow(program, files);
  const calls: ApiCall[] = [];
  const strays: string[] = [];
  for (const file of files.filter(({ fileName }) => !fileName.endsWith(TABLE))) {
    const visit = (node: ts.Node): void => {
      if (isPathOfTable(node)) calls.push(...callsOfUse(flow, node));
      if (ts.isStringLiteralLike(node) && STRAY.test(node.text))
        strays.push(`${relative(PROJECT_DIR, file.fileName)}: ${node.text}`);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { calls: distinct(calls), strays };
}

/** Nothing of these changes between two readings, and parsing them is most of the work. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function openProgram(edits: Edits): ts.Program {
  const config = ts.readConfigFile(join(PROJECT_DIR, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent({ ...config.config, include: [] }, ts.sys, PROJECT_DIR);
  const host = ts.createCompilerHost(options);
  const { readFile } = host;
  const edited = new Map<string, string>();
  for (const [path, edit] of Object.entries(edits)) {
    const text = readFileSync(join(PROJECT_DIR, path), 'utf8');
    if (edit(text) === text) throw new Error(`The edit of ${path} changes nothing.`);
    edited.set(join(PROJECT_DIR, path), edit(text));
  }
  host.readFile = (path) => edited.get(path) ?? readFile(path);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    const text = edited.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
    if (!parsed.has(path)) parsed.set(path, parse(path, ...rest));
    return parsed.get(path);
  };
  return ts.createProgram([join(PROJECT_DIR, 'backend/src/main.ts')], options, host);
}

function isPathOfTable(node: ts.Node): node is ts.PropertyAccessExpression {
  return (
    ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'API_PATHS'
  );
}

function callsOfUse(flow: ValueFlow, use: ts.PropertyAccessExpression): readonly ApiCall[] {
  const path = use.name.text as PathName;
  const filled = ts.isCallExpression(use.parent) && use.parent.expression === use ? use.parent : null;
  const values = (filled?.arguments ?? []).map((argument) => flow.valuesOf(argument) ?? [SOMETHING]);
  const methods = methodsOf(flow, filled ?? use);
  return combinations(values).flatMap((filledWith) => methods.map((method) => ({ path, filledWith, method })));
}

/** The `method` beside the place where a path ends up as `path`, in this file or in the function it is handed to. */
function methodsOf(flow: ValueFlow, path: ts.Expression): readonly string[] {
  const { parent } = path;
  if (ts.isPropertyAssignment(parent)) return methodsBeside(flow, parent.parent);
  if (ts.isVariableDeclaration(parent)) return methodsOfName(flow, parent, enclosingBlock(parent));
  if (!ts.isCallExpression(parent)) return [];
  const called = flow.declarationOf(parent);
  const parameter = called?.parameters[parent.arguments.indexOf(path)];
  return called && parameter ? methodsOfName(flow, parameter, called) : [];
}

function methodsOfName(flow: ValueFlow, meaning: ts.Declaration, scope: ts.Node): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && flow.meaningOf(node) === meaning && node.parent !== meaning) {
      if (ts.isShorthandPropertyAssignment(node.parent)) found.push(...methodsBeside(flow, node.parent.parent));
      else if (ts.isPropertyAssignment(node.parent)) found.push(...methodsBeside(flow, node.parent.parent));
    }
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return [...new Set(found)];
}

/** HubSpot's OAuth endpoints take nothing but POST, so their caller states no method. */
function methodsBeside(flow: ValueFlow, literal: ts.Node): readonly string[] {
  if (!ts.isObjectLiteralExpression(literal)) return [];
  const method = literal.properties.find((property) => property.name?.getText() === 'method');
  if (method === undefined) return literal.properties.some(({ name }) => name?.getText() === 'form') ? ['POST'] : [];
  return ts.isPropertyAssignment(method) ? (flow.valuesOf(method.initializer) ?? []) : [];
}

function enclosingBlock(node: ts.Node): ts.Node {
  return ts.isBlock(node) || ts.isSourceFile(node) ? node : enclosingBlock(node.parent);
}

/** Pairs of both ends of an association come out that nobody asks for; no scope hangs on the pairing. */
function combinations(values: readonly (readonly string[])[]): readonly (readonly string[])[] {
  return values.reduce<readonly (readonly string[])[]>(
    (rows, column) => rows.flatMap((row) => column.map((value) => [...row, value])),
    [[]],
  );
}

function distinct(calls: readonly ApiCall[]): readonly ApiCall[] {
  return [...new Map(calls.map((call) => [JSON.stringify(call), call])).values()];
}
