import type * as Inspector from 'node:inspector';

/**
 * Opens Node's inspector, unless it is open, and waits until a debugger is there.
 *
 * @param say - Told how to connect.
 */
export function waitForDebugger(say: (text: string) => void): void {
  const inspector = process.getBuiltinModule('node:inspector') as typeof Inspector;
  if (inspector.url() === undefined) inspector.open();
  // Node's usual port may be another program's.
  if (inspector.url() === undefined) inspector.open(0);
  say(`Waiting for a debugger: open chrome://inspect, or run: node inspect -p ${process.pid}\n`);
  inspector.waitForDebugger();
}
