// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Slow } from "./Slow";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

test("why it takes so long is said once it does, and no longer when it is done", () => {
  const drawn = render(<Slow busy>It is made anew.</Slow>);
  expect(screen.getByRole("status").textContent).toBe("");
  act(() => void vi.advanceTimersByTime(2000));
  expect(screen.getByRole("status").textContent).toBe("It is made anew.");
  drawn.rerender(<Slow busy={false}>It is made anew.</Slow>);
  expect(screen.getByRole("status").textContent).toBe("");
});
