import * as swc from '@swc/core';
import { TestCase } from 'txtrial';
import ts from 'typescript';
import type { Scan } from '../../../src/trial/load/scan.js';
import { parseSync } from '../../../src/trial/load/swc.js';
import { parseWithTypescript } from '../../../src/trial/load/typescript.js';

const WRITTEN = `/* é ☃ */ import { TestCase as TC, type Z } from 'txtrial'; import * as T from 'txtrial';
import type { Q } from './q.js'; const { A: AA, B } = require('./b'); const whole = require('whole');
export abstract class One extends TC {
  test_a() {} static test_s() {} get test_g() { return 1 } ['test c']() {} 'test-d'() {}
  test_over(a: string): void;
  test_over(a: any) {}
  @dec
  test_dec() {}
  test_f = () => {}; test_x = 3; test_w = wrap(function () {}); static test_sf = () => {};
  protected abstract test_abs(): void;
}
abstract class Base extends T.TestCase { test_b() {} }
class Mixed extends mix(Base, other(AA)) { test_m() {} }
export default class extends Base { async test_q() {} *test_gen() {} }
const V = class extends B {}; export const W = class Named extends whole.X { test_w() {} };
const Y = class Own extends B {};
export { V as VV, Base as default2, Y }; export * as ns from './n.js'; export * from './m.js';
declare class Declared extends TC { test_no(): void }
export function fn() {} export enum E { A } export namespace N { export const n = 1 } export interface I {} export type TT = 1;
function f() { class InFunction extends TC { test_i() {} } }`;

export class ScanTests extends TestCase {
  /** Both compilers must say the same. */
  scan(source: string, file = '/x/a.ts'): Scan {
    const scanned = parseSync(swc, file, source);
    this.assertEqual(JSON.stringify(parseWithTypescript(ts, file, source)), JSON.stringify(scanned));
    return scanned;
  }

  test_classes() {
    const { classes } = this.scan(WRITTEN).info;

    this.assertEqual(
      classes.map(({ name, line, exported, extendsName, extendsCallOf }) => [
        name,
        line,
        exported,
        extendsName ?? extendsCallOf,
      ]),
      [
        ['One', 3, true, 'TC'],
        ['Base', 12, true, 'T.TestCase'],
        ['Mixed', 13, false, ['Base', 'AA']],
        ['', 14, true, 'Base'],
        ['V', 15, true, 'B'],
        ['Named', 15, true, 'whole.X'],
        ['Own', 16, true, 'B'],
      ],
    );
    this.assertEqual(classes[0]?.tests, {
      names: ['test c', 'test-d', 'test_a', 'test_dec', 'test_over'],
      lines: [4, 4, 4, 8, 6],
    });
    this.assertEqual(classes[0]?.others, []);
    this.assertEqual(classes[0]?.fieldTests, { names: ['test_f', 'test_w'], lines: [9, 9] });
  }

  test_imports_of_bases() {
    this.assertEqual(this.scan(WRITTEN).info.imports, {
      TC: ['txtrial', 'TestCase'],
      T: ['txtrial', '*'],
      AA: ['./b', 'A'],
      B: ['./b', 'B'],
      whole: ['whole', '*'],
    });
  }

  test_exports() {
    this.assertEqual([...this.scan(WRITTEN).exports].sort(), [
      'E',
      'N',
      'One',
      'VV',
      'W',
      'Y',
      'default',
      'default2',
      'fn',
      'ns',
    ]);
    this.assertEqual(
      this.scan('exports.a = 1; module.exports.b = 2; module.exports = { c, d: 1 };', '/x/a.js').exports,
      ['a', 'b', 'c', 'd'],
    );
  }

  test_what_the_syntax_makes_it() {
    const syntaxOf = (source: string, file?: string) => this.scan(source, file).syntax;

    this.assertEqual(syntaxOf('import a from "a";'), 'module');
    this.assertEqual(syntaxOf('import type a from "a"; export type B = a; export interface C {}'), undefined);
    this.assertEqual(syntaxOf('import a = require("a");'), 'commonjs');
    this.assertEqual(syntaxOf('export = 1;', '/x/a.cts'), 'commonjs');
    this.assertEqual(syntaxOf('#!/usr/bin/env node\nmodule.exports = 1;', '/x/a.js'), 'commonjs');
  }

  test_what_only_a_module_may() {
    this.assertTrue(this.scan('await 1;').moduleOnly);
    this.assertTrue(this.scan('for await (const a of b) {}').moduleOnly);
    this.assertTrue(this.scan('const f = () => import.meta.url;').moduleOnly);
    this.assertFalse(this.scan('async function f() { await 1; } class A { async b() { await 1; } }').moduleOnly);
  }
}
