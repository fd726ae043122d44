const CONTROL = /[\\\p{Cc}\u2028\u2029]/u;
const EACH_CONTROL = /[\\\p{Cc}\u2028\u2029]/gu;
const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A name as it stands in an id: on one line, whatever is in it, and no two alike. */
export function shownName(name: string): string {
  if (!CONTROL.test(name)) return name;
  return name.replace(EACH_CONTROL, (letter) => {
    return SHORT[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
