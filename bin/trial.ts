#!/usr/bin/env node

// A test may put something in its place, and something that it leaves behind may keep the process.
const exit = process.exit.bind(process);

// From Node 22.8 on compiled code is kept from run to run: a tenth of the time that a short run takes. Not where
// coverage is measured, which is less exact then.
const nodeModule = process.getBuiltinModule('node:module') as { enableCompileCache?: () => unknown };
if (!process.env.NODE_V8_COVERAGE) nodeModule.enableCompileCache?.();

const { main } = await import('../src/trial/main.js');
exit(await main(process.argv.slice(2)));
