// Characters that move the cursor, recolour or clear a terminal, or reorder the text around them: control characters,
// line and paragraph separators, and the bidirectional overrides of "Trojan Source" (CVE-2021-42574).
// Joiners (U+200C, U+200D) stay: Persian and many emoji are written with them.
const HARMFUL = /[\p{Cc}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/gu;

const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/**
 * Text from elsewhere, fit for a line of a terminal: harmful characters are shown as escapes such as `\n`, `\x1b` and
 * `\u202e`.
 */
export function harmless(text: string): string {
  return text.replace(HARMFUL, (character) => SHORT[character] ?? escaped(character));
}

/** The first `maxCharacters` characters of a text, {@link harmless}, with an ellipsis where it goes on. */
export function preview(text: string, maxCharacters: number): string {
  // By code points, so that no emoji is cut in half. Twice as many UTF-16 units hold at least that many.
  const characters = Array.from(text.slice(0, 2 * maxCharacters + 2));
  if (characters.length <= maxCharacters) return harmless(text);
  return `${harmless(characters.slice(0, maxCharacters).join(""))}…`;
}

function escaped(character: string): string {
  const hex = character.charCodeAt(0).toString(16);
  return hex.length > 2 ? `\\u${hex.padStart(4, "0")}` : `\\x${hex.padStart(2, "0")}`;
}
