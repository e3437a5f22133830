import { Sparkles } from "lucide-react";
import { createContext } from "react";
import { strings } from "../strings";
import { cx } from "../ui/cx";

const t = strings.fields;

/** Whether the node whose form it is belongs to an agent's tool, so that its model may fill in fields. */
export const InToolContext = createContext(false);

interface FromAiButtonProps {
  title: string;
  asking: boolean;
  onAsk(): void;
}

/** Has the agent's model fill in a field. */
export function FromAiButton({ title, asking, onAsk }: FromAiButtonProps) {
  return (
    <button
      type="button"
      aria-pressed={asking}
      aria-label={t.fromAi(title)}
      title={t.fromAiHelp}
      onClick={onAsk}
      className={cx(
        "rounded-sm px-1 py-0.5 transition-colors",
        asking ? "bg-accent-soft text-accent" : "text-ink-3 hover:bg-surface-3 hover:text-ink",
      )}
    >
      <Sparkles size={12} aria-hidden />
    </button>
  );
}

/** Whether a value asks the model. */
export const asksModel = (value: unknown): boolean => (JSON.stringify(value) ?? "").includes("$fromAI(");
