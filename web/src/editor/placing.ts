/** What people do to the places of things: notes, groups, lines, order. */

import { type Alignment, aligned } from "../graph/align";
import type { Position } from "../graph/document";
import { freeFor, GRID } from "../graph/geometry";
import { laidOut, loadLayout } from "../graph/layout";
import * as notes from "../graph/notes";
import * as reduce from "../graph/reducers";
import { strings } from "../strings";
import { toast } from "../ui/toasts";
import { currentDocument, edit, select, useEditor } from "./store";

/** Adds a note at a place, or as little below it as leaves all nodes in sight. */
export function addNote(at: Position): void {
  const place = freeFor(currentDocument(), useEditor.getState().catalogue, at, notes.NOTE_SIZE, GRID);
  const note = notes.createNote(place, strings.canvas.newNote);
  edit((document) => notes.addNote(document, note));
  select([note.id]);
}

/** Frames the selected nodes and has the title written. */
export function groupSelection(): void {
  const { nodes, catalogue } = useEditor.getState();
  const frame = notes.frameAround(currentDocument(), catalogue, nodes, strings.canvas.groupDefault);
  if (!frame) return;
  edit((document) => notes.addNote(document, frame));
  select([frame.id]);
  useEditor.setState({ writing: frame.id });
}

export function alignSelection(how: Alignment): void {
  const { nodes, catalogue } = useEditor.getState();
  edit((document) => reduce.moveNodes(document, aligned(document, catalogue, nodes, how)));
}

/** Puts the selected nodes in order, or all of them. */
export async function tidyUp(): Promise<void> {
  const { nodes, catalogue } = useEditor.getState();
  try {
    await loadLayout();
    const before = currentDocument();
    const places = await laidOut(before, catalogue, nodes);
    edit((document) => notes.reframed(before, reduce.moveNodes(document, places), catalogue));
    toast({ tone: "ok", title: strings.canvas.tidied });
  } catch {
    toast({ tone: "bad", title: strings.canvas.layoutFailed, detail: strings.errors.offline });
  }
}
