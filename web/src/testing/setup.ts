// Tests without a DOM need none of this. jsdom draws nothing, and CodeMirror measures what it draws.
if ("Range" in globalThis) {
  await import("@testing-library/jest-dom/vitest");
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
}

export {};
