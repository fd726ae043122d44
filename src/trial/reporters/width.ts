/** Wide in a terminal: CJK, Hangul, full-width forms, emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{1fa70}-\u{1faff}\u{20000}-\u{3fffd}]/gu;
/** No column of their own: combining marks, joiners, variation selectors. */
const ZERO = /[\p{Mn}\p{Me}\p{Cf}]/gu;

/** How many columns of a terminal `text` takes. */
export function columns(text: string): number {
  if (isPlain(text)) return text.length;
  const shown = text.replace(ZERO, '');
  const characters = [...shown].length;
  return characters + (shown.match(WIDE)?.length ?? 0);
}

/** Printable ASCII. A loop, since this is asked for each test, and a regular expression costs more than such a short text. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}
