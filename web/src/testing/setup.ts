import "@testing-library/jest-dom/vitest";

// jsdom draws nothing, and CodeMirror measures what it draws. Tests of dev/ run without a DOM.
if ("Range" in globalThis) {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
  Range.prototype.getBoundingClientRect = () => new DOMRect();
}
