import { Dialog as Radix } from "radix-ui";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { strings } from "../strings";
import { isComposing } from "../ui/composing";
import { cx } from "../ui/cx";
import { Kbd } from "../ui/Kbd";
import { searched } from "./searched";

const t = strings.commands;

export interface Command {
  id: string;
  /** Commands of a group stand together below its title. */
  group: string;
  label: string;
  detail?: string;
  shortcut?: string;
  icon?: ReactNode;
  run(): void;
}

interface CommandPaletteProps {
  commands: readonly Command[];
  onClose(): void;
  title?: string;
  placeholder?: string;
  nothing?: string;
  /** The titles of groups; a group without one is its own title. */
  groups?: Record<string, string>;
}

/** A list to choose from by typing: everything that can be done here, unless it says otherwise. */
export function CommandPalette({
  commands,
  onClose,
  title = t.title,
  placeholder = t.placeholder,
  nothing = t.nothing,
  groups = t.groups,
}: CommandPaletteProps) {
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => searched(commands, search), [commands, search]);
  const chosen = found[Math.min(active, found.length - 1)];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the option to scroll to changes with `active`.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const run = (command: Command) => {
    onClose();
    // Once the dialog has given the focus back: what runs may want it.
    setTimeout(() => command.run());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((before) => (before + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-appear bg-overlay" />
        <Radix.Content
          aria-describedby={undefined}
          className="fixed top-[12dvh] left-1/2 z-40 flex max-h-[70dvh] w-[calc(100vw-24px)] max-w-xl -translate-x-1/2 animate-pop flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-lg"
        >
          <Radix.Title className="sr-only">{title}</Radix.Title>
          <input
            role="combobox"
            aria-expanded
            aria-controls={`${id}-list`}
            aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
            aria-label={placeholder}
            placeholder={placeholder}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
            className="border-line border-b bg-transparent px-4 py-3 text-base text-ink outline-none placeholder:text-ink-3"
          />
          <div ref={list} id={`${id}-list`} role="listbox" aria-label={title} className="min-h-0 overflow-y-auto p-2">
            {found.map((command, index) => (
              <Option
                key={command.id}
                id={`${id}-${command.id}`}
                command={command}
                chosen={command === chosen}
                title={found[index - 1]?.group === command.group ? null : (groups[command.group] ?? command.group)}
                onHover={() => setActive(index)}
                onPick={() => run(command)}
              />
            ))}
            {found.length === 0 && <p className="px-2 py-6 text-center text-ink-3 text-sm">{nothing}</p>}
          </div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  chosen: boolean;
  title: string | null;
  onHover(): void;
  onPick(): void;
}

function Option({ id, command, chosen, title, onHover, onPick }: OptionProps) {
  return (
    <>
      {title && (
        <div role="presentation" className="px-2 pt-2 pb-1 font-medium text-2xs text-ink-3">
          {title}
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the search field above takes the keys (combobox pattern). */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field (combobox pattern). */}
      <div
        id={id}
        role="option"
        aria-selected={chosen}
        onMouseMove={onHover}
        onClick={onPick}
        className={cx("flex items-center gap-2.5 rounded-md px-2 py-1.5 text-sm", chosen && "bg-surface-3")}
      >
        {command.icon}
        <span className="min-w-0 flex-1 truncate">
          {command.label}
          {command.detail && <span className="ml-2 text-ink-3 text-xs">{command.detail}</span>}
        </span>
        {command.shortcut && <Kbd keys={command.shortcut} />}
      </div>
    </>
  );
}
