const CONTROL = /[\\\p{Cc}\u2028\u2029]/u;
const EACH_CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const EACH_CONTROL_AND_BACKSLASH = /[\\\p{Cc}\u2028\u2029]/gu;
const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Whether names, or one text of many, stand in ids as they are. */
export function isShownAsItIs(names: string): boolean {
  return !CONTROL.test(names);
}

/** A name as it stands in an id: on one line, whatever is in it, and no two alike. */
export function shownName(name: string): string {
  if (isShownAsItIs(name)) return name;
  return name.replace(EACH_CONTROL_AND_BACKSLASH, escaped);
}

/** What is said to the user, on one line, and without a sequence for the terminal, whatever they have named so. */
export function shownText(text: string): string {
  return text.replace(EACH_CONTROL, escaped);
}

function escaped(letter: string): string {
  return SHORT[letter] ?? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
