import { errorHead } from '../../internet/error_text.js';

/** What `thing` says it is; its own code may fail at that. */
export function textOf(thing: object): string {
  try {
    return String(thing);
  } catch (error) {
    return `something whose toString() threw ${errorHead(error)}`;
  }
}
