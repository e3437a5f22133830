/** The node types that somebody added last, in this browser. */

const KEY = "stepweave.recentNodes";
const MOST = 5;

/** The types with `type` in front, each once, the oldest let go. */
export function withRecent(types: readonly string[], type: string): string[] {
  return [type, ...types.filter((other) => other !== type)].slice(0, MOST);
}

export function recentTypes(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(stored) ? stored.filter((type) => typeof type === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function rememberTypes(types: readonly string[]): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(types));
  } catch {
    // Storage is full or off limits: they are known until the page is left.
  }
}
