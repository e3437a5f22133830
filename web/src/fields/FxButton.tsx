import { strings } from "../strings";
import { cx } from "../ui/cx";

const t = strings.fields;

interface FxButtonProps {
  title: string;
  expressing: boolean;
  onToggle(): void;
}

/** The switch between a fixed value and an expression. The field has the focus afterwards, ready to be written on. */
export function FxButton({ title, expressing, onToggle }: FxButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={expressing}
      aria-label={expressing ? t.toFixed(title) : t.toExpression(title)}
      title={expressing ? t.fixed : t.expression}
      onClick={onToggle}
      className={cx(
        "rounded-sm px-1.5 py-0.5 font-mono text-2xs transition-colors",
        expressing ? "bg-expression-soft text-expression" : "text-ink-3 hover:bg-surface-3 hover:text-ink",
      )}
    >
      fx
    </button>
  );
}
