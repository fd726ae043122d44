import type TypeScript from 'typescript';
import { isTestName } from './module_info.js';
import { type Scan, ScanBuilder } from './scan.js';

type Ts = typeof TypeScript;

/** Scans the tree that TypeScript makes: what `scanSwc` does with the other one's. */
export function scanTypescript(ts: Ts, tree: TypeScript.SourceFile): Scan {
  const scan = new TypescriptScanner(ts, tree);
  for (const statement of tree.statements) scan.statement(statement);
  scan.builder.moduleOnly = /\bimport\s*\.\s*meta\b/.test(tree.text) || hasTopLevelAwait(ts, tree);
  return scan.builder.finish();
}

class TypescriptScanner {
  readonly builder = new ScanBuilder();
  readonly #ts: Ts;
  readonly #tree: TypeScript.SourceFile;

  constructor(ts: Ts, tree: TypeScript.SourceFile) {
    this.#ts = ts;
    this.#tree = tree;
  }

  statement(statement: TypeScript.Statement): void {
    const ts = this.#ts;
    const { builder } = this;
    const exported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    const isDefault = hasModifier(statement, ts.SyntaxKind.DefaultKeyword);
    if (exported && !ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement))
      builder.hasModuleSyntax = true;
    if (ts.isImportDeclaration(statement)) {
      this.#importDeclaration(statement);
    } else if (ts.isExportDeclaration(statement)) {
      this.#exportDeclaration(statement);
    } else if (ts.isExportAssignment(statement)) {
      if (statement.isExportEquals) {
        this.#assignExports(statement.expression);
      } else {
        builder.hasModuleSyntax = true;
        builder.exportName('default', this.#nameOf(statement.expression));
      }
    } else if (ts.isImportEqualsDeclaration(statement)) {
      if (ts.isExternalModuleReference(statement.moduleReference) && !statement.isTypeOnly)
        builder.hasCommonjsSyntax = true;
    } else if (ts.isClassDeclaration(statement)) {
      const name = statement.name?.text ?? '';
      if (exported) builder.exportName(isDefault ? 'default' : name);
      this.#class(statement, name, exported);
    } else if (ts.isFunctionDeclaration(statement)) {
      if (exported) builder.exportName(isDefault ? 'default' : (statement.name?.text ?? ''));
    } else if (ts.isEnumDeclaration(statement) || ts.isModuleDeclaration(statement)) {
      if (exported) builder.exportName(statement.name.text);
    } else if (ts.isVariableStatement(statement)) {
      for (const declaration of statement.declarationList.declarations) this.#variable(declaration, exported);
    } else if (ts.isExpressionStatement(statement)) {
      this.#expression(statement.expression);
    }
  }

  #importDeclaration({ importClause, moduleSpecifier }: TypeScript.ImportDeclaration): void {
    const ts = this.#ts;
    const isType = importClause?.isTypeOnly === true;
    this.builder.hasModuleSyntax ||= !isType;
    if (!ts.isStringLiteral(moduleSpecifier)) return;
    const specifier = moduleSpecifier.text;
    if (importClause?.name) this.builder.imports.set(importClause.name.text, [specifier, 'default']);
    const bindings = importClause?.namedBindings;
    if (bindings === undefined) return;
    if (ts.isNamespaceImport(bindings)) {
      this.builder.imports.set(bindings.name.text, [specifier, '*']);
    } else {
      for (const { name, propertyName } of bindings.elements) {
        this.builder.imports.set(name.text, [specifier, (propertyName ?? name).text]);
      }
    }
  }

  #exportDeclaration({ isTypeOnly, exportClause, moduleSpecifier }: TypeScript.ExportDeclaration): void {
    const ts = this.#ts;
    if (isTypeOnly) return;
    this.builder.hasModuleSyntax = true;
    if (exportClause === undefined) return;
    if (ts.isNamespaceExport(exportClause)) {
      this.builder.exportName(exportClause.name.text);
    } else {
      for (const { name, propertyName } of exportClause.elements) {
        this.builder.exportName(name.text, moduleSpecifier ? undefined : (propertyName ?? name).text);
      }
    }
  }

  #variable({ name: id, initializer }: TypeScript.VariableDeclaration, exported: boolean): void {
    const ts = this.#ts;
    if (initializer && ts.isCallExpression(initializer)) this.#requireCall(id, initializer);
    if (!ts.isIdentifier(id)) return;
    if (exported) this.builder.exportName(id.text);
    if (initializer && ts.isClassExpression(initializer)) {
      this.#class(initializer, id.text, exported, id.text);
    }
  }

  #requireCall(id: TypeScript.BindingName, call: TypeScript.CallExpression): void {
    const ts = this.#ts;
    const [argument] = call.arguments;
    if (this.#nameOf(call.expression) !== 'require' || argument === undefined || !ts.isStringLiteral(argument)) return;
    if (ts.isIdentifier(id)) {
      this.builder.imports.set(id.text, [argument.text, '*']);
    } else if (ts.isObjectBindingPattern(id)) {
      for (const { name, propertyName } of id.elements) {
        if (!ts.isIdentifier(name)) continue;
        const imported = propertyName && ts.isIdentifier(propertyName) ? propertyName.text : name.text;
        this.builder.imports.set(name.text, [argument.text, imported]);
      }
    }
  }

  #expression(expression: TypeScript.Expression): void {
    const ts = this.#ts;
    if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
    const { left, right } = expression;
    const name = this.#nameOf(left);
    if (name === 'module.exports') {
      this.#assignExports(right);
      return;
    }
    const member = /^(?:module\.)?exports\.([^.]+)$/.exec(name ?? '')?.[1];
    if (member === undefined) return;
    this.builder.hasCommonjsSyntax = true;
    this.builder.exportName(member, this.#nameOf(right));
    if (ts.isClassExpression(right)) this.#class(right, member, true);
  }

  #assignExports(value: TypeScript.Expression): void {
    const ts = this.#ts;
    this.builder.hasCommonjsSyntax = true;
    if (ts.isClassExpression(value)) {
      this.#class(value, '', true);
    } else if (ts.isObjectLiteralExpression(value)) {
      for (const property of value.properties) {
        const name = property.name && ts.isIdentifier(property.name) ? property.name.text : undefined;
        if (name === undefined) continue;
        if (ts.isShorthandPropertyAssignment(property)) this.builder.exportName(name, name);
        if (!ts.isPropertyAssignment(property)) continue;
        this.builder.exportName(name, this.#nameOf(property.initializer));
        if (ts.isClassExpression(property.initializer)) {
          this.#class(property.initializer, name, true);
        }
      }
    } else {
      this.builder.exportName('default', this.#nameOf(value));
    }
  }

  /** @param name - For want of one of its own. */
  #class(node: TypeScript.ClassLikeDeclaration, name: string, exported: boolean, variable?: string): void {
    const ts = this.#ts;
    if (hasModifier(node, ts.SyntaxKind.DeclareKeyword)) return;
    const methods = new Map<string, number>();
    const fieldTests = new Map<string, number>();
    for (const member of node.members) {
      const key = this.#memberName(member);
      if (key === undefined || member.name === undefined) continue;
      const line = this.#lineOf(member.name);
      if (ts.isMethodDeclaration(member)) methods.set(key, line);
      else if (ts.isPropertyDeclaration(member) && isTestName(key) && this.#isFunction(member.initializer))
        fieldTests.set(key, line);
    }
    const base = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0]
      ?.expression;
    const extendsName = base && this.#nameOf(base);
    this.builder.classes.push({
      // Its own name is the one that users meet.
      name: node.name?.text ?? name,
      line: this.#lineOf(node.name ?? node),
      exported,
      ...(variable === undefined ? {} : { variable }),
      ...(extendsName === undefined ? {} : { extendsName }),
      ...(base && ts.isCallExpression(base) ? { extendsCallOf: this.#callArguments(base) } : {}),
      methods,
      fieldTests,
    });
  }

  #memberName(member: TypeScript.ClassElement): string | undefined {
    const ts = this.#ts;
    if (hasModifier(member, ts.SyntaxKind.StaticKeyword)) return undefined;
    if (ts.isMethodDeclaration(member) ? member.body === undefined : !ts.isPropertyDeclaration(member))
      return undefined;
    const { name } = member;
    if (name === undefined) return undefined;
    if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return name.text;
    return ts.isComputedPropertyName(name) && ts.isStringLiteral(name.expression) ? name.expression.text : undefined;
  }

  #isFunction(value: TypeScript.Expression | undefined): boolean {
    const ts = this.#ts;
    if (value === undefined) return false;
    if (ts.isParenthesizedExpression(value)) return this.#isFunction(value.expression);
    if (ts.isCallExpression(value)) return value.arguments.some((argument) => this.#isFunction(argument));
    return ts.isArrowFunction(value) || ts.isFunctionExpression(value);
  }

  #nameOf(expression: TypeScript.Expression): string | undefined {
    const ts = this.#ts;
    if (ts.isIdentifier(expression)) return expression.text;
    if (ts.isParenthesizedExpression(expression)) return this.#nameOf(expression.expression);
    if (!ts.isPropertyAccessExpression(expression) || !ts.isIdentifier(expression.name)) return undefined;
    const object = this.#nameOf(expression.expression);
    return object === undefined ? undefined : `${object}.${expression.name.text}`;
  }

  #callArguments(call: TypeScript.CallExpression): string[] {
    return call.arguments.flatMap((argument) => {
      if (this.#ts.isCallExpression(argument)) return this.#callArguments(argument);
      return this.#nameOf(argument) ?? [];
    });
  }

  #lineOf(node: TypeScript.Node): number {
    return this.#tree.getLineAndCharacterOfPosition(node.getStart(this.#tree)).line + 1;
  }
}

function hasModifier(node: TypeScript.Node, kind: TypeScript.SyntaxKind): boolean {
  const { modifiers } = node as { modifiers?: readonly TypeScript.Node[] };
  return modifiers?.some((modifier) => modifier.kind === kind) === true;
}

/** Looks for `await` outside of functions. */
function hasTopLevelAwait(ts: Ts, tree: TypeScript.SourceFile): boolean {
  const open: TypeScript.Node[] = [...tree.statements];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined)) return true;
    if (ts.isFunctionLike(node)) continue;
    ts.forEachChild(node, (child) => void open.push(child));
  }
  return false;
}
