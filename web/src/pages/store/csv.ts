/** CSV files: their bytes as text, and who waits for one to be chosen. */

export const MOST_BYTES = 4 * 1024 ** 2;

/** The text of a file: UTF-8, UTF-16 by its mark, or else what Excel writes by default in the west, Windows-1252. */
export function textOf(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes.slice(0, 2));
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** The columns of headers when one is chosen anew: a column takes one header, so another one that had it is left out. */
export function mapped(
  headers: readonly { header: string; column: string | null }[],
  header: string,
  column: string | null,
): Record<string, string | null> {
  const others = headers.map((one) => [one.header, one.column === column ? null : one.column] as const);
  return Object.fromEntries([...others.filter(([name]) => name !== header), [header, column]]);
}
