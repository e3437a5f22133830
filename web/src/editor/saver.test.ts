import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/problem";
import { emptyDocument, type WorkflowDocument } from "../graph/document";
import { AUTOSAVE_MS, Saver, type SaveStatus } from "./saver";

const first = emptyDocument("first");
const named = (name: string): WorkflowDocument => ({ ...first, name });

let saves: [name: string, revision: number][];
let statuses: SaveStatus[];
let kept: string | null;
let full: boolean;
let last: { error: unknown; inBrowser: boolean };
let answer: () => Promise<number>;
let saver: Saver;

beforeEach(() => {
  vi.useFakeTimers();
  saves = [];
  statuses = [];
  kept = null;
  full = false;
  last = { error: null, inBrowser: true };
  let revision = 1;
  answer = () => {
    revision += 1;
    return Promise.resolve(revision);
  };
  saver = new Saver(first, 1, {
    save(document, base) {
      saves.push([document.name, base]);
      return answer();
    },
    status: (status, error, inBrowser) => {
      statuses.push(status);
      last = { error, inBrowser };
    },
    keep: (document) => {
      if (full) return false;
      kept = document.name;
      return true;
    },
    forget: () => {
      kept = null;
    },
  });
});

afterEach(() => {
  saver.close();
  vi.useRealTimers();
});

describe("saving", () => {
  it("waits for a pause, then sends the last of several changes", async () => {
    saver.changed(named("a"));
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS / 2);
    saver.changed(named("b"));
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    expect(saves).toEqual([["b", 1]]);
    expect([statuses.at(-1), saver.clean, kept]).toEqual(["saved", true, null]);
  });

  it("builds on the revision of the save before", async () => {
    saver.changed(named("a"));
    await saver.flush();
    saver.changed(named("b"));
    await saver.flush();
    expect(saves).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });

  it("sends what changed during a save in another one", async () => {
    let finish: (revision: number) => void = () => undefined;
    answer = () => new Promise((resolve) => (finish = resolve));
    saver.changed(named("a"));
    const saving = saver.flush();
    await vi.advanceTimersByTimeAsync(0);
    saver.changed(named("b"));
    finish(2);
    expect(await saving).toBe(false);
    answer = () => Promise.resolve(3);
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    expect(saves).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
    expect(saver.clean).toBe(true);
  });

  it("sends nothing for a change that was undone", async () => {
    saver.changed(named("a"));
    saver.changed(first);
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS * 2);
    expect(saves).toEqual([]);
    expect([statuses.at(-1), kept]).toEqual(["saved", null]);
  });
});

describe("when saving fails", () => {
  it("keeps the draft and tries again until the API is back", async () => {
    answer = () => Promise.reject(new ApiError("offline", 0, {}));
    saver.changed(named("a"));
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    expect([statuses.at(-1), kept]).toEqual(["retrying", "a"]);
    answer = () => Promise.resolve(2);
    await vi.advanceTimersByTimeAsync(3000);
    expect([statuses.at(-1), kept]).toEqual(["saved", null]);
  });

  it("stops at what trying again cannot help", async () => {
    answer = () => Promise.reject(new ApiError("problem", 422, { code: "invalid_workflow" }));
    saver.changed(named("a"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(saves).toHaveLength(1);
    expect([statuses.at(-1), kept]).toEqual(["refused", "a"]);
  });

  it("says why until it is saved, and tries again after the next change", async () => {
    const refusal = new ApiError("problem", 422, { code: "invalid_workflow" });
    answer = () => Promise.reject(refusal);
    saver.changed(named("a"));
    await saver.flush();
    saver.changed(named("b"));
    expect([statuses.at(-1), last.error, kept]).toEqual(["dirty", refusal, "b"]);
    answer = () => Promise.resolve(2);
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    expect([statuses.at(-1), last.error, saves.at(-1)]).toEqual(["saved", null, ["b", 1]]);
  });

  it("tries again when it is asked to, with the same draft", async () => {
    answer = () => Promise.reject(new ApiError("problem", 403, {}));
    saver.changed(named("a"));
    await saver.flush();
    answer = () => Promise.resolve(2);
    expect(await saver.flush()).toBe(true);
    expect(last.error).toBeNull();
  });

  it.each(["offline", "slow", "garbled", "signedOut"] as const)("keeps trying where the API is %s", async (kind) => {
    answer = () => Promise.reject(new ApiError(kind, 0, {}));
    saver.changed(named("a"));
    await vi.advanceTimersByTimeAsync(120_000);
    expect(statuses.at(-1)).toBe("retrying");
    expect(saves.length).toBeGreaterThan(4);
    expect(saves.length).toBeLessThan(10);
  });

  it("tells when this browser cannot keep the draft either", async () => {
    full = true;
    answer = () => Promise.reject(new ApiError("offline", 0, {}));
    saver.changed(named("a"));
    await saver.flush();
    expect(last.inBrowser).toBe(false);
    full = false;
    saver.changed(named("b"));
    expect(last.inBrowser).toBe(true);
  });

  it("takes its own save, whose answer was lost, for no conflict", async () => {
    answer = () => Promise.reject(new ApiError("slow", 0, {}));
    saver.changed(named("a"));
    await saver.flush();
    saver.changed(named("b"));
    const stale = { code: "stale_revision", revision: 2, document: { ...named("a") } };
    answer = () => (saves.length < 3 ? Promise.reject(new ApiError("problem", 409, stale)) : Promise.resolve(3));
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS * 2);
    expect(saves).toEqual([
      ["a", 1],
      ["b", 1],
      ["b", 2],
    ]);
    expect(statuses).not.toContain("conflict");
    expect(statuses.at(-1)).toBe("saved");
  });

  it("sends what a save without an answer may have changed, even where that was undone", async () => {
    answer = () => Promise.reject(new ApiError("slow", 0, {}));
    saver.changed(named("a"));
    await saver.flush();
    saver.changed(first);
    expect(saver.clean).toBe(false);
    answer = () => Promise.resolve(2);
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    expect([saves.at(-1), statuses.at(-1), saver.clean]).toEqual([["first", 1], "saved", true]);
  });

  it("sees a conflict where somebody saved over a save whose answer was lost", async () => {
    answer = () => Promise.reject(new ApiError("slow", 0, {}));
    saver.changed(named("a"));
    await saver.flush();
    const stale = { code: "stale_revision", revision: 3, document: named("theirs") };
    answer = () => Promise.reject(new ApiError("problem", 409, stale));
    await saver.flush();
    expect(statuses.at(-1)).toBe("conflict");
  });

  it("asks about a conflict and sends nothing meanwhile", async () => {
    answer = () => Promise.reject(new ApiError("problem", 409, { code: "stale_revision" }));
    saver.changed(named("a"));
    await vi.advanceTimersByTimeAsync(AUTOSAVE_MS);
    saver.changed(named("b"));
    await vi.advanceTimersByTimeAsync(60_000);
    expect([statuses.at(-1), saves.length, kept]).toEqual(["conflict", 1, "b"]);
  });

  it("keeps mine on top of their revision", async () => {
    answer = () => Promise.reject(new ApiError("problem", 409, { code: "stale_revision" }));
    saver.changed(named("a"));
    await saver.flush();
    answer = () => Promise.resolve(10);
    expect(await saver.overwrite(9)).toBe(true);
    expect(saves.at(-1)).toEqual(["a", 9]);
  });

  it("takes theirs, and can save mine over it after an undo", async () => {
    answer = () => Promise.reject(new ApiError("problem", 409, { code: "stale_revision" }));
    saver.changed(named("a"));
    await saver.flush();
    const theirs = named("theirs");
    saver.adopt(theirs, 9);
    saver.changed(theirs);
    expect([statuses.at(-1), saver.clean]).toEqual(["saved", true]);
    answer = () => Promise.resolve(10);
    saver.changed(named("a"));
    await saver.flush();
    expect(saves.at(-1)).toEqual(["a", 9]);
  });
});
