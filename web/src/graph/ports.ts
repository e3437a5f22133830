/** Names of the output ports that rows of a form give. */

const LONGEST = 64;

/** Returns `text` as a port's name: letters without accents, digits, `_`, and `-` for everything else. */
export function portName(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
}

/** A name for the port of a new row. */
export function freePortName(taken: Iterable<unknown>): string {
  const names = new Set(taken);
  let number = 1;
  while (names.has(`output${number}`)) number += 1;
  return `output${number}`;
}
