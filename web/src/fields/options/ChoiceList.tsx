import { LoaderCircle } from "lucide-react";
import { useEffect, useRef } from "react";
import { strings } from "../../strings";
import { cx } from "../../ui/cx";
import type { Choice } from "./asking";
import type { Choices } from "./useOptions";

const t = strings.options;

export const optionId = (list: string, index: number): string => `${list}-${index}`;

interface ChoiceListProps {
  id: string;
  title: string;
  choices: Choices;
  /** Those that fit what is written; undefined until they are there. */
  shown: readonly Choice[] | undefined;
  text: string;
  active: number;
  value: string;
  onActive(index: number): void;
  onPick(index: number): void;
}

const row = "flex items-baseline gap-2 rounded-md px-2 py-1.5 text-sm";

/** What a field's popup holds: the choices, or why there are none. The field keeps the focus. */
export function ChoiceList({ id, title, choices, shown, text, active, value, onActive, onPick }: ChoiceListProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active >= 0) box.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const count = shown?.length ?? 0;
  const note = noteOf(choices, count, text);
  return (
    <>
      <div
        ref={box}
        id={id}
        role="listbox"
        aria-label={t.list(title)}
        aria-busy={choices.loading || undefined}
        className="min-h-0 overflow-y-auto"
      >
        {shown?.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys (combobox pattern).
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field (combobox pattern).
          <div
            key={one.value}
            id={optionId(id, index)}
            role="option"
            aria-selected={index === active}
            onMouseMove={() => index !== active && onActive(index)}
            onClick={() => onPick(index)}
            className={cx(row, index === active && "bg-surface-3", one.value === value && "font-medium text-accent")}
          >
            <span className="min-w-0 max-w-full truncate">{one.label}</span>
            {one.label !== one.value && <span className="truncate font-mono text-2xs text-ink-3">{one.value}</span>}
            {one.detail && <span className="ml-auto min-w-0 truncate text-ink-3 text-xs">{one.detail}</span>}
          </div>
        ))}
        {choices.hasMore && shown && (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys (combobox pattern).
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field (combobox pattern).
          <div
            id={optionId(id, count)}
            role="option"
            aria-selected={active === count}
            aria-disabled={choices.loadingMore || undefined}
            onMouseMove={() => active !== count && onActive(count)}
            onClick={() => onPick(count)}
            className={cx(row, "text-ink-2", active === count && "bg-surface-3")}
          >
            {choices.loadingMore ? t.loading : choices.moreFailed ? `${t.moreFailed} ${t.again}` : t.more}
          </div>
        )}
      </div>
      {choices.loading && (
        <p className="flex items-center gap-2 px-2 py-1.5 text-ink-3 text-sm">
          <LoaderCircle size={14} className="animate-spin" aria-hidden />
          {t.loading}
        </p>
      )}
      {note && <p className="px-2 py-1.5 text-ink-3 text-sm">{note}</p>}
    </>
  );
}

/** What there is to say instead of choices, or about them. */
function noteOf(choices: Choices, count: number, text: string): string | null {
  if (choices.need !== null) return choices.need;
  if (choices.found === undefined) return null;
  if (count === 0 && !choices.hasMore) return text.trim() ? t.noMatch(text.trim()) : t.none;
  return choices.cut ? t.cut : null;
}
