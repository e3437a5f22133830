import { describe, expect, it } from "vitest";
import { branching, catalogue } from "../testing/catalogue";
import * as notes from "./notes";
import { moveNodes } from "./reducers";

const spread = () =>
  moveNodes(
    branching(),
    new Map([
      ["check", { x: 400, y: 0 }],
      ["yes", { x: 800, y: -100 }],
      ["no", { x: 800, y: 100 }],
    ]),
  );

describe("groups", () => {
  it("frame the chosen nodes, and hold what lies in the frame", () => {
    const document = spread();
    const frame = notes.frameAround(document, catalogue, new Set(["yes", "no"]), "Ends");
    if (!frame) throw new Error("no frame");
    const note = notes.createNote({ x: 820, y: -10 }, "within");
    const withBoth = notes.addNote(notes.addNote(document, frame), note);
    expect(notes.membersOf(withBoth, catalogue, frame).sort()).toEqual(["no", note.id, "yes"].sort());
    expect(notes.membersOf(withBoth, catalogue, note)).toEqual([]);
    expect(notes.frameAround(document, catalogue, new Set(["gone"]), "")).toBeNull();
  });
});

describe("reframed", () => {
  it("keeps in a frame what was in it, wherever it went, and leaves empty frames alone", () => {
    const document = spread();
    const frame = notes.frameAround(document, catalogue, new Set(["yes", "no"]), "Ends");
    if (!frame) throw new Error("no frame");
    const empty = { ...frame, id: "empty", position: { x: 9000, y: 9000 } };
    const before = notes.addNote(notes.addNote(document, frame), empty);
    const moved = moveNodes(before, new Map([["yes", { x: 3000, y: 500 }]]));
    const after = notes.reframed(before, moved, catalogue);
    const found = notes.findNote(after, frame.id);
    if (!found) throw new Error("the frame is gone");
    expect(notes.membersOf(after, catalogue, found)).toEqual(expect.arrayContaining(["yes", "no"]));
    expect(notes.findNote(after, "empty")).toEqual(empty);
  });
});

describe("notes", () => {
  it("are added, changed, moved and removed; what is not there changes nothing", () => {
    const document = branching();
    const note = notes.createNote({ x: 13, y: 27 }, "Why");
    expect(note.position).toEqual({ x: 20, y: 20 });
    const added = notes.addNote(document, note);
    const changed = notes.changeNote(added, note.id, { text: "Because", color: "blue" });
    expect(notes.findNote(changed, note.id)).toMatchObject({ text: "Because", color: "blue" });
    const moved = notes.moveNotes(changed, new Map([[note.id, { x: 1, y: 2 }]]));
    expect(notes.findNote(moved, note.id)?.position).toEqual({ x: 1, y: 2 });
    expect(notes.removeNotes(moved, new Set([note.id])).notes).toEqual([]);
    expect(notes.changeNote(document, "gone", { text: "" })).toBe(document);
    expect(notes.removeNotes(document, new Set(["gone"]))).toBe(document);
    expect(notes.moveNotes(document, new Map([["check", { x: 1, y: 1 }]]))).toBe(document);
  });
});
