import type { Tag, TagColor } from "../../api/organising";
import { cx } from "../../ui/cx";

export const TAG_COLORS: readonly TagColor[] = ["gray", "indigo", "blue", "teal", "green", "amber", "red"];

const LOOKS: Record<TagColor, string> = {
  gray: "bg-surface-3 text-ink-2",
  indigo: "bg-accent-soft text-accent",
  blue: "bg-busy-soft text-busy",
  teal: "bg-expression-soft text-expression",
  green: "bg-ok-soft text-ok",
  amber: "bg-warn-soft text-warn",
  red: "bg-bad-soft text-bad",
};

const DOTS: Record<TagColor, string> = {
  gray: "bg-ink-3",
  indigo: "bg-accent",
  blue: "bg-busy",
  teal: "bg-expression",
  green: "bg-ok",
  amber: "bg-warn",
  red: "bg-bad",
};

export function TagChip({ tag }: { tag: Pick<Tag, "name" | "color"> }) {
  return (
    <span
      className={cx(
        "inline-block max-w-36 truncate rounded-full px-2 font-medium text-2xs leading-5",
        LOOKS[tag.color],
      )}
    >
      {tag.name}
    </span>
  );
}

export function TagDot({ color, className }: { color: TagColor; className?: string }) {
  return <span aria-hidden className={cx("inline-block size-2.5 shrink-0 rounded-full", DOTS[color], className)} />;
}
