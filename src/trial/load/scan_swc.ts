import type {
  Class,
  ClassDeclaration,
  ClassExpression,
  ClassMember,
  Expression,
  ImportDeclaration,
  Module,
  ModuleExportName,
  ModuleItem,
  Pattern,
  PropertyName,
  Script,
  Statement,
} from '@swc/core';
import { isTestName } from './module_info.js';
import { type LineTable, type Scan, ScanBuilder } from './scan.js';

/**
 * Scans swc's tree.
 *
 * @param lines - Of the bytes that were parsed: swc counts bytes.
 * @param origin - The `span.start` of the first byte: swc's positions go on from one call to the next.
 */
export function scanSwc(program: Module | Script, lines: LineTable, origin: number): Scan {
  const scan = new SwcScanner(lines, origin);
  for (const item of program.body) scan.item(item);
  scan.builder.moduleOnly = hasTopLevelAwait(program.body);
  return scan.builder.finish();
}

class SwcScanner {
  readonly builder = new ScanBuilder();
  readonly #lines: LineTable;
  readonly #origin: number;

  constructor(lines: LineTable, origin: number) {
    this.#lines = lines;
    this.#origin = origin;
  }

  item(item: ModuleItem): void {
    const { builder } = this;
    switch (item.type) {
      case 'ImportDeclaration':
        // What concerns types alone is gone before Node sees it.
        builder.hasModuleSyntax ||= !item.typeOnly;
        this.#importDeclaration(item);
        break;
      case 'ExportDeclaration':
        if (item.declaration.type.startsWith('TsInterface') || item.declaration.type.startsWith('TsTypeAlias')) break;
        builder.hasModuleSyntax = true;
        if (item.declaration.type === 'ClassDeclaration') this.#class(item.declaration, '', true);
        else if (item.declaration.type === 'VariableDeclaration') this.#statement(item.declaration, true);
        if ('identifier' in item.declaration) builder.exportName(item.declaration.identifier.value);
        else if ('id' in item.declaration && 'value' in item.declaration.id)
          builder.exportName(item.declaration.id.value);
        break;
      case 'ExportDefaultDeclaration':
        builder.hasModuleSyntax = true;
        builder.exportName('default');
        if (item.decl.type === 'ClassExpression') this.#class(item.decl, '', true);
        break;
      case 'ExportDefaultExpression':
        builder.hasModuleSyntax = true;
        builder.exportName('default', nameOf(item.expression));
        break;
      case 'ExportNamedDeclaration':
        if ((item as { typeOnly?: boolean }).typeOnly) break;
        builder.hasModuleSyntax = true;
        for (const specifier of item.specifiers) {
          if (specifier.type === 'ExportSpecifier') {
            const local = exportName(specifier.orig);
            builder.exportName(
              specifier.exported ? exportName(specifier.exported) : local,
              item.source ? undefined : local,
            );
          } else if (specifier.type === 'ExportNamespaceSpecifier') {
            builder.exportName(exportName(specifier.name));
          }
        }
        break;
      case 'ExportAllDeclaration':
        builder.hasModuleSyntax = true;
        break;
      case 'TsExportAssignment':
        builder.hasCommonjsSyntax = true;
        this.#assignExports(item.expression);
        break;
      case 'TsImportEqualsDeclaration':
        if (item.moduleRef.type === 'TsExternalModuleReference' && !item.isTypeOnly) builder.hasCommonjsSyntax = true;
        break;
      case 'TsNamespaceExportDeclaration':
        break;
      default:
        this.#statement(item, false);
    }
  }

  #importDeclaration(item: ImportDeclaration): void {
    for (const specifier of item.specifiers) {
      const name =
        specifier.type === 'ImportNamespaceSpecifier'
          ? '*'
          : specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : specifier.imported
              ? exportName(specifier.imported)
              : specifier.local.value;
      this.builder.imports.set(specifier.local.value, [item.source.value, name]);
    }
  }

  #statement(statement: Statement, exported: boolean): void {
    if (statement.type === 'ClassDeclaration') {
      this.#class(statement, '', exported);
    } else if (statement.type === 'VariableDeclaration') {
      for (const declarator of statement.declarations) {
        const name = declarator.id.type === 'Identifier' ? (declarator.id as { value: string }).value : undefined;
        if (declarator.init?.type === 'CallExpression') this.#requireCall(declarator.id, declarator.init);
        if (name === undefined) continue;
        if (exported) this.builder.exportName(name);
        if (declarator.init?.type === 'ClassExpression') this.#class(declarator.init, name, exported, name);
      }
    } else if (statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression') {
      const { left, right } = statement.expression;
      if (isModuleExports(left)) {
        this.#assignExports(right);
      } else if (left.type === 'MemberExpression' && isExports(left.object) && left.property.type === 'Identifier') {
        const name = left.property.value;
        this.builder.hasCommonjsSyntax = true;
        this.builder.exportName(name, nameOf(right));
        if (right.type === 'ClassExpression') this.#class(right, name, true);
      }
    }
  }

  /** `const { TestCase } = require('txtrial')`, `const txtrial = require('txtrial')`. */
  #requireCall(id: Pattern, call: Extract<Expression, { type: 'CallExpression' }>): void {
    const argument = call.arguments[0]?.expression;
    if (nameOf(call.callee as Expression) !== 'require' || argument?.type !== 'StringLiteral') return;
    if (id.type === 'Identifier') this.builder.imports.set((id as { value: string }).value, [argument.value, '*']);
    if (id.type !== 'ObjectPattern') return;
    for (const property of id.properties) {
      if (property.type === 'AssignmentPatternProperty') {
        this.builder.imports.set(property.key.value, [argument.value, property.key.value]);
      } else if (property.type === 'KeyValuePatternProperty' && property.value.type === 'Identifier') {
        const name = propertyName(property.key);
        if (name !== undefined)
          this.builder.imports.set((property.value as { value: string }).value, [argument.value, name]);
      }
    }
  }

  /** `module.exports = …`, `export = …`. */
  #assignExports(value: Expression): void {
    this.builder.hasCommonjsSyntax = true;
    if (value.type === 'ClassExpression') this.#class(value, '', true);
    else if (value.type === 'ObjectExpression') {
      for (const property of value.properties) {
        if (property.type === 'Identifier') this.builder.exportName(property.value, property.value);
        else if (property.type === 'KeyValueProperty') {
          const name = propertyName(property.key);
          if (name !== undefined) this.builder.exportName(name, nameOf(property.value));
          if (property.value.type === 'ClassExpression') {
            this.#class(property.value, name ?? '', true);
          }
        }
      }
    } else {
      this.builder.exportName('default', nameOf(value));
    }
  }

  /** @param name - For want of one of its own. */
  #class(node: (ClassDeclaration | ClassExpression) & Class, name: string, exported: boolean, variable?: string): void {
    if ('declare' in node && node.declare) return;
    const methods = new Map<string, number>();
    const fieldTests = new Map<string, number>();
    for (const member of node.body) {
      const key = memberName(member);
      if (key === undefined) continue;
      if (member.type === 'ClassMethod') methods.set(key, this.#lineOf(member.key.span.start));
      else if (member.type === 'ClassProperty' && isTestName(key) && isFunction(member.value)) {
        fieldTests.set(key, this.#lineOf(member.key.span.start));
      }
    }
    // null where there is none, whatever the types say.
    const superClass = node.superClass ?? undefined;
    const extendsName = superClass && nameOf(superClass);
    this.builder.classes.push({
      // Its own name is the one that users meet.
      name: node.identifier?.value ?? name,
      line: this.#lineOf((node.identifier ?? node).span.start),
      exported,
      ...(variable === undefined ? {} : { variable }),
      ...(extendsName === undefined ? {} : { extendsName }),
      ...(superClass?.type === 'CallExpression' ? { extendsCallOf: callArguments(superClass) } : {}),
      methods,
      fieldTests,
    });
  }

  #lineOf(position: number): number {
    return this.#lines.lineAt(position - this.#origin);
  }
}

/** Of a method or field that belongs to instances; undefined for all else. */
function memberName(member: ClassMember): string | undefined {
  if (member.type === 'ClassMethod') {
    // An overload or an abstract method has no body and does not exist.
    if (member.isStatic || member.kind !== 'method' || !member.function.body) return undefined;
    return propertyName(member.key);
  }
  return member.type === 'ClassProperty' && !member.isStatic ? propertyName(member.key) : undefined;
}

function propertyName(key: PropertyName): string | undefined {
  if (key.type === 'Identifier' || key.type === 'StringLiteral') return key.value;
  return key.type === 'Computed' && key.expression.type === 'StringLiteral' ? key.expression.value : undefined;
}

/** `a` or `a.b.c`; undefined for any other expression. */
function nameOf(expression: Expression): string | undefined {
  if (expression.type === 'Identifier') return expression.value;
  if (expression.type === 'ParenthesisExpression') return nameOf(expression.expression);
  if (expression.type !== 'MemberExpression' || expression.property.type !== 'Identifier') return undefined;
  const object = nameOf(expression.object);
  return object === undefined ? undefined : `${object}.${expression.property.value}`;
}

function exportName(name: ModuleExportName): string {
  return name.value;
}

function callArguments(call: Extract<Expression, { type: 'CallExpression' }>): string[] {
  return call.arguments.flatMap(({ expression }) => {
    if (expression.type === 'CallExpression') return callArguments(expression);
    return nameOf(expression) ?? [];
  });
}

function isFunction(value: Expression | undefined): boolean {
  if (value?.type === 'ParenthesisExpression') return isFunction(value.expression);
  if (value?.type === 'CallExpression') return value.arguments.some(({ expression }) => isFunction(expression));
  return value?.type === 'ArrowFunctionExpression' || value?.type === 'FunctionExpression';
}

function isExports(object: Expression): boolean {
  return nameOf(object) === 'exports' || nameOf(object) === 'module.exports';
}

function isModuleExports(left: Expression | Pattern): boolean {
  return left.type === 'MemberExpression' && nameOf(left) === 'module.exports';
}

/** Looks for `await` outside of functions. */
function hasTopLevelAwait(body: readonly unknown[]): boolean {
  const open: unknown[] = [...body];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node !== 'object' || node === null) continue;
    const { type, await: isAwait } = node as { type?: string; await?: unknown }; // A boolean, in older versions a span or null.
    if (type === 'AwaitExpression' || (type === 'ForOfStatement' && Boolean(isAwait))) return true;
    if (type !== undefined && /Function|Method|Constructor/.test(type)) continue;
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) open.push(value);
  }
  return false;
}
