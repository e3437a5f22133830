import { type NodeProps, NodeResizer, NodeToolbar, Position } from "@xyflow/react";
import { PencilLine, Trash2 } from "lucide-react";
import { memo, useContext, useEffect, useRef } from "react";
import { changeNote, NOTE_COLORS, type NoteColor, removeNotes } from "../graph/notes";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { Markdown } from "../ui/Markdown";
import { CanvasContext } from "./canvasContext";
import type { NoteNode } from "./flow";
import { edit, sealHistory, select, useEditor } from "./store";

const t = strings.canvas;

const LOOKS: Record<NoteColor, string> = {
  yellow: "border-warn-line bg-warn-soft",
  blue: "border-busy-line bg-busy-soft",
  green: "border-ok-line bg-ok-soft",
  red: "border-bad-line bg-bad-soft",
  purple: "border-accent-line bg-accent-soft",
  gray: "border-line-strong bg-surface-2",
};

const lookOf = (color: string | undefined): string => LOOKS[(color ?? "yellow") as NoteColor] ?? LOOKS.yellow;

/** A sticky note, or the frame and title of a group. Chosen, it is resized, coloured and written. */
export const NoteCard = memo(function NoteCard({ data, selected }: NodeProps<NoteNode>) {
  const { note } = data;
  const editable = useContext(CanvasContext).pickAfter !== null;
  const writing = useEditor((state) => state.writing === note.id) && editable;
  const group = note.kind === "group";
  return (
    <>
      {editable && selected && (
        <>
          <NodeResizer
            minWidth={120}
            minHeight={80}
            lineClassName="!border-accent"
            handleClassName="!size-2 !rounded-xs !border-accent !bg-surface"
            onResizeStart={sealHistory}
            onResize={(_, { x, y, width, height }) =>
              edit(
                (document) => changeNote(document, note.id, { position: { x, y }, width, height }),
                `resize ${note.id}`,
              )
            }
          />
          <NoteTools id={note.id} color={note.color} />
        </>
      )}
      <div
        className={cx(
          "size-full overflow-hidden rounded-lg border p-3",
          lookOf(note.color),
          group && "border-dashed opacity-90",
          selected && "ring-2 ring-accent/30",
        )}
      >
        {writing ? (
          <NoteText id={note.id} text={note.text ?? ""} label={group ? t.groupTitle : t.noteText} />
        ) : (
          <Markdown text={note.text ?? ""} />
        )}
      </div>
    </>
  );
});

function NoteTools({ id, color }: { id: string; color: string | undefined }) {
  return (
    <NodeToolbar position={Position.Top} offset={8} isVisible>
      <div
        role="toolbar"
        aria-label={t.note}
        className="flex items-center gap-1 rounded-lg border border-line bg-surface p-1 shadow-md"
      >
        {NOTE_COLORS.map((one) => (
          <button
            key={one}
            type="button"
            aria-label={`${t.color}: ${t.colors[one]}`}
            aria-pressed={(color ?? "yellow") === one}
            title={t.colors[one]}
            onClick={() => edit((document) => changeNote(document, id, { color: one }))}
            className={cx(
              "size-5 rounded-full border",
              lookOf(one),
              (color ?? "yellow") === one && "ring-2 ring-accent",
            )}
          />
        ))}
        <IconButton small label={t.editNote} onClick={() => useEditor.setState({ writing: id })}>
          <PencilLine size={14} />
        </IconButton>
        <IconButton
          small
          label={t.deleteNote}
          onClick={() => {
            edit((document) => removeNotes(document, new Set([id])));
            select([]);
          }}
        >
          <Trash2 size={14} />
        </IconButton>
      </div>
    </NodeToolbar>
  );
}

/** The text of a note while it is written: a line of undo until the field is left. */
function NoteText({ id, text, label }: { id: string; text: string; label: string }) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    area.current?.focus();
    area.current?.select();
  }, []);
  return (
    <textarea
      ref={area}
      aria-label={label}
      value={text}
      maxLength={10_000}
      onChange={(event) =>
        edit((document) => changeNote(document, id, { text: event.target.value }), `note text ${id}`)
      }
      onBlur={() => useEditor.setState({ writing: null })}
      onKeyDown={(event) => {
        if (event.key === "Escape") event.currentTarget.blur();
        event.stopPropagation();
      }}
      className="nodrag nowheel nopan size-full resize-none bg-transparent text-sm outline-none"
    />
  );
}
