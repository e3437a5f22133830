/** Sticky notes and group frames: document in, document out. A group moves what lies in it; nothing of it is compiled. */

import type { Catalogue } from "./catalogue";
import type { Position, WorkflowDocument, WorkflowNote } from "./document";
import { newId } from "./document";
import { boxOf, GRID, snap } from "./geometry";

export const NOTE_SIZE = { width: 240, height: 160 };
export const NOTE_COLORS = ["yellow", "blue", "green", "red", "purple", "gray"] as const;
export type NoteColor = (typeof NOTE_COLORS)[number];

const notesOf = (document: WorkflowDocument): readonly WorkflowNote[] => document.notes ?? [];

export function findNote(document: WorkflowDocument, id: string): WorkflowNote | undefined {
  return notesOf(document).find((note) => note.id === id);
}

export function addNote(document: WorkflowDocument, note: WorkflowNote): WorkflowDocument {
  return { ...document, notes: [...notesOf(document), note] };
}

export function createNote(at: Position, text: string): WorkflowNote {
  return { id: newId("s"), kind: "note", text, position: snap(at), ...NOTE_SIZE, color: "yellow" };
}

/** Changes a note; the same document where it is not there. */
export function changeNote(document: WorkflowDocument, id: string, change: Partial<WorkflowNote>): WorkflowDocument {
  if (!findNote(document, id)) return document;
  return { ...document, notes: notesOf(document).map((note) => (note.id === id ? { ...note, ...change } : note)) };
}

export function removeNotes(document: WorkflowDocument, ids: ReadonlySet<string>): WorkflowDocument {
  const notes = notesOf(document).filter((note) => !ids.has(note.id));
  return notes.length === notesOf(document).length ? document : { ...document, notes };
}

export function moveNotes(document: WorkflowDocument, places: ReadonlyMap<string, Position>): WorkflowDocument {
  if (!notesOf(document).some((note) => places.has(note.id))) return document;
  const notes = notesOf(document).map((note) => {
    const place = places.get(note.id);
    return place ? { ...note, position: { x: place.x, y: place.y } } : note;
  });
  return { ...document, notes };
}

const MARGIN = GRID * 2;
const TITLE = GRID * 2;

interface Bounds {
  position: Position;
  width: number;
  height: number;
}

/** The place of a frame around nodes, with room for its title; null where none of them is there. */
function boundsAround(document: WorkflowDocument, catalogue: Catalogue, ids: ReadonlySet<string>): Bounds | null {
  const boxes = document.nodes.filter((node) => ids.has(node.id)).map((node) => boxOf(node, catalogue));
  if (boxes.length === 0) return null;
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN - TITLE;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + MARGIN;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + MARGIN;
  const position = snap({ x: left, y: top });
  return { position, width: right - position.x, height: bottom - position.y };
}

/** A frame around nodes, or null where none of them is there. */
export function frameAround(
  document: WorkflowDocument,
  catalogue: Catalogue,
  ids: ReadonlySet<string>,
  title: string,
): WorkflowNote | null {
  const bounds = boundsAround(document, catalogue, ids);
  return bounds && { id: newId("s"), kind: "group", text: title, ...bounds, color: "gray" };
}

/** The nodes and notes whose middle lies in a group's frame: they move with it. */
export function membersOf(document: WorkflowDocument, catalogue: Catalogue, group: WorkflowNote): string[] {
  if (group.kind !== "group") return [];
  const { width, height } = { ...NOTE_SIZE, ...group };
  const inside = (x: number, y: number) =>
    x >= group.position.x && x <= group.position.x + width && y >= group.position.y && y <= group.position.y + height;
  const nodes = document.nodes.filter((node) => {
    const box = boxOf(node, catalogue);
    return inside(box.x + box.width / 2, box.y + box.height / 2);
  });
  const notes = notesOf(document).filter((note) => {
    const size = { ...NOTE_SIZE, ...note };
    const smaller = size.width * size.height < width * height;
    return (
      note.id !== group.id && smaller && inside(note.position.x + size.width / 2, note.position.y + size.height / 2)
    );
  });
  return [...nodes.map(({ id }) => id), ...notes.map(({ id }) => id)];
}

/** Frames drawn anew around those that were in them, after nodes have moved; a frame that was empty stays where it is. */
export function reframed(before: WorkflowDocument, after: WorkflowDocument, catalogue: Catalogue): WorkflowDocument {
  let next = after;
  for (const group of notesOf(before)) {
    const members = new Set(membersOf(before, catalogue, group));
    const bounds = boundsAround(after, catalogue, members);
    if (bounds) next = changeNote(next, group.id, bounds);
  }
  return next;
}
