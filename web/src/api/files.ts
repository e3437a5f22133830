/** Files on their way to the API. */

const MOST_NAME = 255;
/** Bytes at once: so many arguments any engine takes. */
const STEP = 8_192;

/** A file's name as the API takes it: without folders and control characters. */
export function fileNameOf({ name }: { name: string }): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out.
  return name.replace(/[\u0000-\u001f\u007f/\\]/g, "_").slice(-MOST_NAME) || "file";
}

/** A file's bytes in base64. */
export async function base64Of(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += STEP) {
    parts.push(String.fromCharCode(...bytes.subarray(from, from + STEP)));
  }
  return btoa(parts.join(""));
}
