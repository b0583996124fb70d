import ts from 'typescript';

/**
 * Which string literals can reach an expression of a program, followed from a parameter to the arguments of every call.
 * Where the way is lost the expression's type answers, so nothing that can happen is left out.
 */
export class ValueFlow {
  readonly #checker: ts.TypeChecker;
  readonly #calls = new Map<ts.Node, ts.CallExpression[]>();

  constructor(program: ts.Program, files: readonly ts.SourceFile[]) {
    this.#checker = program.getTypeChecker();
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node)) this.#remember(node);
      ts.forEachChild(node, visit);
    };
    files.forEach(visit);
  }

  /** Null when it is no matter of literals at all. */
  valuesOf(expression: ts.Expression): readonly string[] | null {
    const possible = this.#literalsOf(this.#checker.getTypeAtLocation(expression));
    if (possible === null) return null;
    return [...new Set(this.#trace(expression, new Set()))].sort();
  }

  callsOf(declaration: ts.SignatureDeclaration): readonly ts.CallExpression[] {
    const direct = this.#calls.get(declaration) ?? [];
    if (!ts.isArrowFunction(declaration) && !ts.isFunctionExpression(declaration)) return direct;
    const promised = this.#checker.getContextualType(declaration)?.getCallSignatures()[0]?.declaration;
    return promised === undefined || promised === declaration
      ? direct
      : [...direct, ...(this.#calls.get(promised) ?? [])];
  }

  declarationOf(call: ts.CallExpression): ts.SignatureDeclaration | null {
    const declaration = this.#checker.getResolvedSignature(call)?.declaration;
    return declaration === undefined || ts.isJSDocSignature(declaration) ? null : declaration;
  }

  /** The declaration an identifier stands for. */
  meaningOf(name: ts.Identifier): ts.Declaration | null {
    const shorthand = ts.isShorthandPropertyAssignment(name.parent)
      ? this.#checker.getShorthandAssignmentValueSymbol(name.parent)
      : undefined;
    return (shorthand ?? this.#checker.getSymbolAtLocation(name))?.valueDeclaration ?? null;
  }

  #remember(call: ts.CallExpression): void {
    const declaration = this.declarationOf(call);
    if (declaration) this.#calls.set(declaration, [...(this.#calls.get(declaration) ?? []), call]);
  }

  #literalsOf(type: ts.Type): readonly string[] | null {
    const parts = type.isUnion() ? type.types : [type];
    const literals = parts.filter((part) => part.isStringLiteral()).map((part) => part.value);
    return literals.length === parts.length && literals.length > 0 ? literals : null;
  }

  #byType(node: ts.Node): readonly string[] {
    return this.#literalsOf(this.#checker.getTypeAtLocation(node)) ?? [];
  }

  #trace(given: ts.Expression, seen: Set<ts.Node>): readonly string[] {
    const expression = bare(given);
    if (seen.has(expression)) return [];
    seen.add(expression);
    if (ts.isStringLiteralLike(expression)) return [expression.text];
    if (ts.isConditionalExpression(expression))
      return [expression.whenTrue, expression.whenFalse].flatMap((branch) => this.#trace(branch, seen));
    if (ts.isPropertyAccessExpression(expression))
      return this.#within(expression.expression, expression, { name: expression.name.text, seen });
    if (!ts.isIdentifier(expression)) return this.#byType(expression);
    const meaning = this.meaningOf(expression);
    const narrowed = this.#byType(expression);
    const traced = meaning === null ? null : this.#traceDeclaration(meaning, seen);
    // A test in the code, such as `if (objectType === 'company') return`, narrows what the callers hand over.
    return traced === null ? narrowed : traced.filter((value) => narrowed.includes(value));
  }

  /** Null when the declaration does not tell where its value comes from. */
  #traceDeclaration(declaration: ts.Declaration, seen: Set<ts.Node>): readonly string[] | null {
    if (ts.isVariableDeclaration(declaration) && declaration.initializer)
      return this.#trace(declaration.initializer, seen);
    if (ts.isParameter(declaration)) return this.#overArguments(declaration, (argument) => this.#trace(argument, seen));
    if (!ts.isBindingElement(declaration) || declaration.dotDotDotToken) return null;
    const name = (declaration.propertyName ?? declaration.name).getText();
    const holder = declaration.parent.parent;
    if (ts.isVariableDeclaration(holder) && holder.initializer)
      return this.#within(holder.initializer, declaration, { name, seen });
    if (!ts.isParameter(holder)) return null;
    return this.#overArguments(holder, (argument) => this.#within(argument, declaration, { name, seen }));
  }

  /** The property of a value; `fallback` has its type when the way is lost. */
  #within(given: ts.Expression, fallback: ts.Node, look: { name: string; seen: Set<ts.Node> }): readonly string[] {
    const holder = bare(given);
    if (ts.isObjectLiteralExpression(holder)) return this.#inLiteral(holder, fallback, look) ?? this.#byType(fallback);
    if (!ts.isIdentifier(holder)) return this.#byType(fallback);
    const meaning = this.meaningOf(holder);
    if (meaning === null || look.seen.has(holder)) return meaning === null ? this.#byType(fallback) : [];
    look.seen.add(holder);
    if (ts.isVariableDeclaration(meaning) && meaning.initializer)
      return this.#within(meaning.initializer, fallback, look);
    const traced = ts.isParameter(meaning)
      ? this.#overArguments(meaning, (argument) => this.#within(argument, fallback, look))
      : null;
    return traced ?? this.#byType(fallback);
  }

  #inLiteral(
    literal: ts.ObjectLiteralExpression,
    fallback: ts.Node,
    look: { name: string; seen: Set<ts.Node> },
  ): readonly string[] | null {
    for (const property of [...literal.properties].reverse()) {
      if (ts.isSpreadAssignment(property)) {
        const type = this.#checker.getTypeAtLocation(property.expression);
        if (type.getProperty(look.name)) return this.#within(property.expression, fallback, look);
      } else if (property.name.getText() === look.name) {
        if (ts.isPropertyAssignment(property)) return this.#trace(property.initializer, look.seen);
        if (ts.isShorthandPropertyAssignment(property)) return this.#trace(property.name, look.seen);
      }
    }
    return null;
  }

  #overArguments(
    parameter: ts.ParameterDeclaration,
    follow: (argument: ts.Expression) => readonly string[],
  ): readonly string[] | null {
    const owner = parameter.parent;
    const calls = this.callsOf(owner);
    if (calls.length === 0) return null;
    const index = owner.parameters.indexOf(parameter);
    return calls.flatMap((call) => {
      const argument = call.arguments[index];
      return argument === undefined ? [] : follow(argument);
    });
  }
}

/** Without what only the type checker sees. */
function bare(expression: ts.Expression): ts.Expression {
  if (
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isParenthesizedExpression(expression) ||
    ts.isNonNullExpression(expression)
  )
    return bare(expression.expression);
  return expression;
}
