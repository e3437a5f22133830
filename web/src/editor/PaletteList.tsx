import { Search } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { CATEGORIES, type NodeType, newestTypes, searchTypes } from "../graph/catalogue";
import { strings } from "../strings";
import { isComposing } from "../ui/composing";
import { cx } from "../ui/cx";
import { Input } from "../ui/Form";
import { NodeIcon } from "../ui/NodeIcon";
import { DRAG_TYPE } from "./Canvas";
import { useEditor } from "./store";

interface PaletteListProps {
  onPick(entry: NodeType): void;
  /** Only types that may follow another node, or that another may follow. */
  allow?: (entry: NodeType) => boolean;
  autoFocus?: boolean;
  draggable?: boolean;
}

/** An entry of the list; a type that was used lately stands in it twice. */
interface Option {
  key: string;
  entry: NodeType;
}

const optionsOf = (group: string, entries: readonly NodeType[]): Option[] =>
  entries.map((entry) => ({ key: `${group}-${entry.type}`, entry }));

/** Node types, those used last first, then by category, with a search; arrows choose, Enter adds, and entries can be dragged. */
export function PaletteList({ onPick, allow, autoFocus = false, draggable = false }: PaletteListProps) {
  const catalogue = useEditor((state) => state.catalogue);
  const recent = useEditor((state) => state.recent);
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const [engaged, setEngaged] = useState(false);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => {
    const types = newestTypes(catalogue).filter(allow ?? (() => true));
    const found = searchTypes(types, search);
    const used = recent.flatMap((type) => types.find((entry) => entry.type === type) ?? []);
    return [
      { title: strings.editor.recent, options: optionsOf("recent", search ? [] : used) },
      ...CATEGORIES.map((category) => ({
        title: strings.editor.categories[category],
        options: optionsOf(
          category,
          found.filter((entry) => entry.category === category),
        ),
      })),
    ].filter((group) => group.options.length > 0);
  }, [catalogue, allow, search, recent]);
  const flat = useMemo(() => groups.flatMap((group) => group.options), [groups]);
  const chosen = flat[Math.min(active, flat.length - 1)];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the option to scroll to changes with `active`.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((before) => Math.max(0, Math.min(flat.length - 1, before + step)));
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      onPick(chosen.entry);
    }
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="relative px-3 pb-2">
        <Search size={14} className="absolute top-2 left-5.5 text-ink-3" aria-hidden />
        <Input
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${chosen.key}` : undefined}
          aria-label={strings.editor.paletteSearch}
          placeholder={strings.editor.paletteSearch}
          value={search}
          autoFocus={autoFocus}
          onChange={(event) => {
            setSearch(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          onFocus={() => setEngaged(true)}
          onBlur={() => setEngaged(false)}
          className="pl-8"
        />
      </div>
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label={strings.editor.palette}
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-3"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox.
          <div key={group.title} role="group" aria-label={group.title}>
            <div className="px-2 pt-2 pb-1 font-medium text-2xs text-ink-3" aria-hidden>
              {group.title}
            </div>
            {group.options.map(({ key, entry }) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the search field above takes the keys (combobox pattern).
              // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field (combobox pattern).
              <div
                key={key}
                id={`${id}-${key}`}
                role="option"
                aria-selected={key === chosen?.key}
                draggable={draggable}
                onDragStart={(event) => {
                  event.dataTransfer.setData(DRAG_TYPE, `${entry.type} ${entry.version}`);
                  event.dataTransfer.effectAllowed = "copy";
                }}
                onMouseMove={() => setActive(flat.findIndex((option) => option.key === key))}
                onClick={() => onPick(entry)}
                data-type={entry.type}
                className={cx(
                  "flex items-center gap-2.5 rounded-md px-2 py-1.5",
                  key === chosen?.key && engaged ? "bg-surface-3" : "hover:bg-surface-3",
                  draggable && "active:cursor-grabbing",
                )}
              >
                <NodeIcon icon={entry.icon} category={entry.category} size="sm" />
                <div className="min-w-0">
                  <div className="truncate font-medium text-sm leading-5">{entry.name}</div>
                  <div className="truncate text-2xs text-ink-3">{entry.summary}</div>
                </div>
              </div>
            ))}
          </div>
        ))}
        {flat.length === 0 && <p className="px-2 py-6 text-center text-ink-3 text-sm">{strings.editor.paletteNone}</p>}
      </div>
    </div>
  );
}
