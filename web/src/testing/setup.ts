import "@testing-library/jest-dom/vitest";

// jsdom draws nothing, and CodeMirror measures what it draws.
Range.prototype.getClientRects = () => [] as unknown as DOMRectList;
Range.prototype.getBoundingClientRect = () => new DOMRect();
