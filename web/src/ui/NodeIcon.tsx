import type { Category } from "../graph/catalogue";
import { cx } from "./cx";
import { nodeIcon } from "./nodeIcons";

const TONES: Record<Category, string> = {
  trigger: "var(--cat-trigger)",
  flow: "var(--cat-flow)",
  data: "var(--cat-data)",
  network: "var(--cat-network)",
  message: "var(--cat-message)",
  app: "var(--cat-app)",
  ai: "var(--cat-ai)",
};

interface NodeIconProps {
  icon: string | undefined;
  category: Category | undefined;
  size?: "sm" | "md";
}

/** A node type's icon on its category's colour. */
export function NodeIcon({ icon, category, size = "md" }: NodeIconProps) {
  const Icon = nodeIcon(icon);
  const tone = category ? TONES[category] : "var(--ink-3)";
  return (
    <span
      aria-hidden
      style={{ color: tone, background: `color-mix(in oklch, ${tone} 13%, transparent)` }}
      className={cx(
        "node-icon inline-flex shrink-0 items-center justify-center",
        size === "md" ? "size-9 rounded-lg" : "size-7 rounded-md",
      )}
    >
      <Icon size={size === "md" ? 18 : 15} strokeWidth={1.9} />
    </span>
  );
}
