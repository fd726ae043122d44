/** Where a generator is suspended: the inspector alone knows. */
import { mapStack, placeOf } from '../../internet/stack_text.js';

/** Where the inspector finds the generator: what it evaluates sees globals only. */
const HOLDER = 'txtrial.generator';

/** The `file:line:column` of the `yield` that a generator waits in; undefined if that cannot be told. */
export function suspendedAt(generator: object): string | undefined {
  const { Session } = process.getBuiltinModule('node:inspector');
  const session = new Session();
  const urls = new Map<string, string>();
  let place: string | undefined;
  Object.defineProperty(globalThis, Symbol.for(HOLDER), { value: generator, configurable: true });
  // In its own thread the inspector answers before `post` returns.
  session.connect();
  try {
    session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
    session.post('Debugger.enable');
    session.post('Runtime.evaluate', { expression: `globalThis[Symbol.for('${HOLDER}')]` }, (_error, found) => {
      const objectId = found?.result?.objectId;
      if (objectId === undefined) return;
      session.post('Runtime.getProperties', { objectId, ownProperties: true }, (_error, properties) => {
        const location = properties?.internalProperties?.find(({ name }) => name === '[[GeneratorLocation]]');
        place = placeIn(location?.value?.value, urls);
      });
    });
  } finally {
    session.disconnect();
    Reflect.deleteProperty(globalThis, Symbol.for(HOLDER));
  }
  return place;
}

function placeIn(location: unknown, urls: ReadonlyMap<string, string>): string | undefined {
  if (typeof location !== 'object' || location === null) return undefined;
  const { scriptId, lineNumber, columnNumber } = location as Record<string, unknown>;
  const url = urls.get(String(scriptId));
  if (url === undefined || typeof lineNumber !== 'number' || typeof columnNumber !== 'number') return undefined;
  return placeOf(mapStack(`    at yield (${url}:${lineNumber + 1}:${columnNumber + 1})`));
}
