import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../api/problem";
import { emptyDocument, type WorkflowDocument } from "../graph/document";
import { AUTOSAVE_MS, Saver, type SaveStatus } from "./saver";

const first = emptyDocument("first");
const named = (name: string): WorkflowDocument => ({ ...first, name });

let saves: [name: string, revision: number][];
let statuses: SaveStatus[];
let kept: string | null;
let answer: () => Promise<number>;
let saver: Saver;

beforeEach(() => {
  vi.useFakeTimers();
  saves = [];
  statuses = [];
  kept = null;
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
    status: (status) => statuses.push(status),
    keep: (document) => {
      kept = document.name;
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
