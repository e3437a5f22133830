/** Where a text is wrong: from the place that the API tells to what it means by it. Pure. */

/** A name with what is read of it, a number, or a text in quotes. */
const WORD = /^(?:[\w$]+(?:\??\.[\w$]+|\[[^\]\n]*\])*|(['"`])(?:\\.|(?!\1).)*\1?)/;

/**
 * The range to mark, in UTF-16 units, for an error at `place`, which counts code points; null for an empty text.
 *
 * It is the word there; else the character; where the text just breaks off, the last character before.
 */
export function wrongRange(text: string, place: number): { from: number; to: number } | null {
  const at = Math.min(unitsOf(text, place), text.length);
  const rest = text.slice(at);
  const word = WORD.exec(rest)?.[0];
  if (word) return { from: at, to: at + word.length };
  if (rest.trim() !== "" && !/^\s/.test(rest)) return { from: at, to: at + unitsOf(rest, 1) };
  const before = text.slice(0, at).trimEnd();
  const last = [...before].at(-1);
  if (last) return { from: before.length - last.length, to: before.length };
  return text.length > 0 ? { from: 0, to: text.length } : null;
}

/** How many UTF-16 units so many code points are. */
function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let point = 0; point < points && units < text.length; point += 1) {
    units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
  }
  return units;
}
