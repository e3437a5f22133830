import { cx } from "./cx";

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Shows `mod+shift+z` the way this computer's keyboard does. */
export function Kbd({ keys, inverse = false }: { keys: string; inverse?: boolean }) {
  const parts = keys.split("+").map((key) => NAMES[key]?.[MAC ? 0 : 1] ?? (key.length === 1 ? key.toUpperCase() : key));
  return (
    <kbd className={cx("whitespace-nowrap font-sans text-2xs", inverse ? "opacity-70" : "text-ink-3")}>
      {parts.join(MAC ? "" : "+")}
    </kbd>
  );
}

const NAMES: Record<string, [mac: string, other: string]> = {
  mod: ["⌘", "Ctrl"],
  shift: ["⇧", "Shift"],
  alt: ["⌥", "Alt"],
  del: ["⌫", "Del"],
  enter: ["↵", "Enter"],
  esc: ["Esc", "Esc"],
};
