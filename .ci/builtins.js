/**
 * Has the built code take Node's own modules from `process.getBuiltinModule`, not by `import`.
 *
 * An ES import of one asks every getter of it for its value, and some of them load a lot: `node:fs` its streams,
 * `node:util` the colours of stderr. That is 5 ms at each start on Node 26, a fifth of what Node needs itself. And a
 * bundled CommonJS package has no `require` of its own in an ES module.
 */
export const builtins = {
  name: "Node's own modules",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) => {
      if (kind === 'import-statement') return { path, namespace: 'builtin-import', sideEffects: false };
      if (kind === 'require-call') return { path, namespace: 'builtin-require' };
      return undefined;
    });
    onLoad({ filter: /.*/, namespace: 'builtin-require' }, ({ path }) => ({
      contents: `module.exports = globalThis.process.getBuiltinModule('${path}');`,
    }));
    onLoad({ filter: /.*/, namespace: 'builtin-import' }, ({ path }) => {
      const names = Object.keys(process.getBuiltinModule(path)).filter((name) => /^[a-z_$][\w$]*$/i.test(name));
      const lines = names.map((name) => `const _${name} = /* @__PURE__ */ (() => all.${name})();`);
      const list = names.map((name) => `_${name} as ${name}`).join(', ');
      return {
        contents: `const all = /* @__PURE__ */ globalThis.process.getBuiltinModule('${path}');
export default all;
${lines.join('\n')}
export { ${list} };`,
      };
    });
  },
};
