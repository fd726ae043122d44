import type TypeScript from 'typescript';
import { isCompiledExtension } from './extensions.js';
import type { Scan } from './scan.js';
import { scanTypescript } from './scan_typescript.js';
import type { CompileOptions } from './settings.js';
import { syntaxErrorAt } from './syntax_error.js';

type Ts = typeof TypeScript;

/** Parses with the user's TypeScript. */
export function parseWithTypescript(ts: Ts, file: string, source: string): Scan {
  const options = { languageVersion: ts.ScriptTarget.ESNext };
  const tree = ts.createSourceFile(file, source, options, true, scriptKind(ts, file));
  return scanTypescript(ts, tree);
}

function scriptKind(ts: Ts, file: string): TypeScript.ScriptKind {
  if (/\.[jt]sx$/.test(file)) return ts.ScriptKind.TSX;
  return isCompiledExtension(file) ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}

/** Compiles with the user's TypeScript; throws SyntaxError. */
export function transformWithTypescript(
  ts: Ts,
  file: string,
  source: string,
  format: 'module' | 'commonjs',
  options: CompileOptions,
): { text: string; map: string } {
  const { outputText, sourceMapText, diagnostics } = ts.transpileModule(source, {
    // With NodeNext the extension says which of the two it becomes, and `import()` stays what it is in both.
    fileName: file.endsWith('x') ? file : file.replace(/\.[mc]?ts$/, format === 'module' ? '.mts' : '.cts'),
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: file.endsWith('x') ? moduleKind(ts, format) : ts.ModuleKind.NodeNext,
      isolatedModules: true,
      sourceMap: true,
      esModuleInterop: true,
      experimentalDecorators: options.legacyDecorators,
      emitDecoratorMetadata: options.decoratorMetadata,
      useDefineForClassFields: options.useDefineForClassFields,
      verbatimModuleSyntax: options.verbatimModuleSyntax && format === 'module',
      jsx: options.jsx.automatic ? ts.JsxEmit.ReactJSX : ts.JsxEmit.React,
      ...(options.jsx.importSource === undefined ? {} : { jsxImportSource: options.jsx.importSource }),
      ...(options.jsx.factory === undefined ? {} : { jsxFactory: options.jsx.factory }),
      ...(options.jsx.fragmentFactory === undefined ? {} : { jsxFragmentFactory: options.jsx.fragmentFactory }),
    },
  });
  const mistake = diagnostics?.find(
    ({ category, start }) => category === ts.DiagnosticCategory.Error && start !== undefined,
  );
  if (mistake !== undefined) throw asSyntaxError(ts, file, source, mistake);
  return { text: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'), map: sourceMapText ?? '' };
}

function moduleKind(ts: Ts, format: 'module' | 'commonjs'): TypeScript.ModuleKind {
  return format === 'module' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS;
}

function asSyntaxError(ts: Ts, file: string, source: string, mistake: TypeScript.Diagnostic): SyntaxError {
  const before = source.slice(0, mistake.start ?? 0).split('\n');
  const line = before.length;
  const place = { file, line, column: (before.at(-1)?.length ?? 0) + 1, excerpt: source.split('\n')[line - 1] ?? '' };
  return syntaxErrorAt(place, ts.flattenDiagnosticMessageText(mistake.messageText, ' '));
}
