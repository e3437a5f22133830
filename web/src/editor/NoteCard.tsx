import type { NodeProps } from "@xyflow/react";
import { memo } from "react";
import { cx } from "../ui/cx";
import { Markdown } from "../ui/Markdown";
import type { NoteNode } from "./flow";

/** A sticky note, or the frame and title of a group. */
export const NoteCard = memo(function NoteCard({ data }: NodeProps<NoteNode>) {
  const { kind, text = "" } = data.note;
  return (
    <div
      className={cx(
        "size-full overflow-hidden rounded-lg border p-3",
        kind === "group" ? "border-line-strong border-dashed bg-surface-2/60" : "border-warn-line bg-warn-soft",
      )}
    >
      <Markdown text={text} />
    </div>
  );
});
