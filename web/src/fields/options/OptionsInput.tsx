import { ChevronDown, RefreshCw } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Field } from "../../graph/visible";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { isComposing } from "../../ui/composing";
import { cx } from "../../ui/cx";
import { inputClass } from "../../ui/Form";
import { useSettled } from "../../ui/useSettled";
import type { ControlIds } from "../controls";
import { lastPart, matching, withChoice } from "./asking";
import { ChoiceList, optionId } from "./ChoiceList";
import { Trouble } from "./Trouble";
import { useOptions } from "./useOptions";

const t = strings.options;

interface OptionsInputProps {
  ids: ControlIds;
  field: Field;
  path: string;
  value: string;
  onChange(value: string): void;
  /** What it is called where no label names it. */
  label?: string;
}

/**
 * A text with choices from the provider: what is written stays, whatever the choices are (an editable combobox with list
 * autocomplete, ARIA Authoring Practices). They are loaded when they are opened, or for the label of a saved id.
 */
export function OptionsInput({ ids, field, path, value, onChange, label }: OptionsInputProps) {
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const from = field.ui.optionsFrom;
  const [open, setOpen] = useState(false);
  /** Whether somebody wrote since it was opened: before that, all choices are shown. */
  const [writing, setWriting] = useState(false);
  const [active, setActive] = useState(-1);
  /** Whether somebody wanted choices here: another field may have asked for the same, and says itself what went wrong. */
  const [tried, setTried] = useState(false);
  const part = lastPart(value, from?.separator);
  const text = writing ? part : "";
  const search = useSettled(from?.searches ? text.trim() : "");
  const choices = useOptions(from, path, search, open || (from?.labelled === true && value !== ""));
  const shown = from?.searches ? choices.found : choices.found && matching(choices.found, text);
  const count = shown?.length ?? 0;
  const last = count - 1 + (choices.hasMore ? 1 : 0);
  const chosen = active >= 0 ? Math.min(active, last) : -1;
  const known = from?.labelled ? choices.found?.find((one) => one.value === value && one.label !== value) : undefined;
  const trouble = choices.error !== null && tried;
  const shows = open && !(trouble && choices.found === undefined);

  const show = (at: number) => {
    setWriting(false);
    setActive(at);
    setTried(true);
    setOpen(true);
  };
  const close = () => {
    setOpen(false);
    setActive(-1);
    setWriting(false);
  };
  const pick = (index: number) => {
    const one = shown?.[index];
    if (!one) {
      choices.more();
      return;
    }
    onChange(withChoice(value, one.value, from?.separator));
    close();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      if (event.altKey) {
        if (step === 1 && !open) show(-1);
        if (step === -1) close();
      } else if (!open) show(0);
      else setActive(chosen < 0 ? (step === 1 ? 0 : last) : Math.max(0, Math.min(last, chosen + step)));
    } else if (event.key === "Enter" && open && chosen >= 0) {
      event.preventDefault();
      pick(chosen);
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") close();
    else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) setActive(-1);
  };
  const note = known || trouble ? `${list}-note` : undefined;
  return (
    <div>
      <Popover.Root open={shows} onOpenChange={(next) => (next ? undefined : close())}>
        <div className="flex gap-1.5">
          <Popover.Anchor asChild>
            <div className="relative min-w-0 flex-1">
              <input
                {...ids}
                ref={input}
                role="combobox"
                type="text"
                autoComplete="off"
                spellCheck={false}
                aria-label={label}
                aria-autocomplete="list"
                aria-expanded={shows}
                aria-controls={shows ? list : undefined}
                aria-activedescendant={shows && chosen >= 0 ? optionId(list, chosen) : undefined}
                aria-describedby={[ids["aria-describedby"], note].filter(Boolean).join(" ") || undefined}
                className={cx(inputClass, "h-8 pr-8")}
                value={value}
                placeholder={field.ui.placeholder ?? (field.required ? t.chooseOrWrite : undefined)}
                onChange={(event) => {
                  onChange(event.target.value);
                  setWriting(true);
                  setActive(-1);
                  setTried(true);
                  setOpen(true);
                }}
                onKeyDown={onKeyDown}
                onClick={() => !open && show(-1)}
                onBlur={close}
              />
              <button
                type="button"
                tabIndex={-1}
                aria-label={t.show(label ?? field.title)}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => {
                  input.current?.focus();
                  if (open) close();
                  else show(-1);
                }}
                className="absolute inset-y-0 right-0 flex w-8 items-center justify-center text-ink-3 hover:text-ink"
              >
                <ChevronDown size={14} aria-hidden />
              </button>
            </div>
          </Popover.Anchor>
          {!isInRow(path) && (
            <IconButton
              label={t.reload(field.title)}
              onClick={() => {
                input.current?.focus();
                show(-1);
                choices.reload();
              }}
              disabled={choices.need !== null}
              className="border border-line-strong"
            >
              <RefreshCw size={13} className={cx(choices.loading && "animate-spin")} />
            </IconButton>
          )}
        </div>
        <Popover.Portal>
          <Popover.Content
            role="presentation"
            align="start"
            sideOffset={4}
            collisionPadding={8}
            onOpenAutoFocus={(event) => event.preventDefault()}
            onCloseAutoFocus={(event) => event.preventDefault()}
            onInteractOutside={(event) => {
              if (input.current?.parentElement?.contains(event.target as Node)) event.preventDefault();
            }}
            onMouseDown={(event) => event.preventDefault()}
            className="z-50 flex max-h-72 w-(--radix-popover-trigger-width) min-w-60 max-w-[calc(100vw-16px)] animate-pop flex-col rounded-lg border border-line bg-surface p-1 shadow-md"
          >
            <ChoiceList
              id={list}
              title={label ?? field.title}
              choices={choices}
              shown={shown}
              text={text}
              active={chosen}
              value={part}
              onActive={setActive}
              onPick={pick}
            />
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {known && !trouble && (
        <p id={note} className="mt-1 truncate text-ink-2 text-xs">
          {known.label}
        </p>
      )}
      {trouble && <Trouble id={note} words={choices.error ?? t.failed} title={field.title} onAgain={choices.reload} />}
      <Told open={shows} count={count} loading={choices.loading} more={choices.hasMore} />
    </div>
  );
}

/** Whether a field stands in a row: a button beside each of them would be too many. */
const isInRow = (path: string): boolean => /\.\d+\./.test(path);

/** Says to those who do not see the list what is in it. */
function Told({ open, count, loading, more }: { open: boolean; count: number; loading: boolean; more: boolean }) {
  const [said, setSaid] = useState("");
  const words = !open ? "" : loading ? t.loading : t.count(count, more);
  useEffect(() => setSaid(words), [words]);
  return (
    <span role="status" className="sr-only">
      {said}
    </span>
  );
}
