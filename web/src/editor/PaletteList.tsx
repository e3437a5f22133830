import { ArrowLeft, ChevronRight, Search } from "lucide-react";
import { type KeyboardEvent, memo, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { useApis } from "../api/apis";
import type { NodeType } from "../graph/catalogue";
import { type App, type Choice, type Group, groupsOf, groupsOfApp, paletteOf } from "../graph/palette";
import { strings } from "../strings";
import { isComposing } from "../ui/composing";
import { cx } from "../ui/cx";
import { Input } from "../ui/Form";
import { NodeIcon } from "../ui/NodeIcon";
import { DRAG_TYPE, dragged } from "./dragging";
import { useEditor } from "./store";

const t = strings.editor;

interface PaletteListProps {
  onPick(choice: Choice): void;
  /** Only types that may follow another node, or that another may follow. */
  allow?: (entry: NodeType) => boolean;
  autoFocus?: boolean;
  draggable?: boolean;
}

const titleOf = ({ key, title }: Group): string => title ?? t.categories[key] ?? key;

/**
 * Node types, those used last first, then by category, with a search; arrows choose, Enter adds, and entries can be dragged.
 * An app opens: its triggers and its actions, of which each adds a node set up for it. The search finds actions as well.
 */
export function PaletteList({ onPick, allow, autoFocus = false, draggable = false }: PaletteListProps) {
  const catalogue = useEditor((state) => state.catalogue);
  const recent = useEditor((state) => state.recent);
  const [search, setSearch] = useState("");
  const [app, setApp] = useState<App | null>(null);
  const [active, setActive] = useState(0);
  const [engaged, setEngaged] = useState(false);
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const apis = useApis().data?.items;
  const palette = useMemo(() => paletteOf(catalogue, allow, apis), [catalogue, allow, apis]);
  const groups = useMemo(
    () => (app ? groupsOfApp(app, search) : groupsOf(palette, search, recent)),
    [app, palette, search, recent],
  );
  const flat = useMemo(() => groups.flatMap((group) => group.choices), [groups]);
  const chosen = flat[Math.min(active, flat.length - 1)];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the option to scroll to changes with `active`.
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const goTo = (next: App | null) => {
    setApp(next);
    setSearch("");
    setActive(
      next
        ? 0
        : Math.max(
            0,
            groupsOf(palette, "", recent)
              .flatMap(({ choices }) => choices)
              .findIndex(isOf(app)),
          ),
    );
    list.current?.scrollTo({ top: 0 });
    input.current?.focus();
  };

  const pick = (choice: Choice) => {
    if (choice.app) return goTo(choice.app);
    setApp(null);
    setSearch("");
    setActive(0);
    onPick(choice);
  };

  // Rows are drawn again only where they look different, so what they call is looked up when they do.
  const latest = useRef({ flat, pick, goTo });
  latest.current = { flat, pick, goTo };
  const onPoint = useCallback((choice: Choice) => setActive(latest.current.flat.indexOf(choice)), []);
  const onChoose = useCallback((choice: Choice) => latest.current.pick(choice), []);

  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((before) => Math.max(0, Math.min(flat.length - 1, before + step)));
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      pick(chosen);
    } else if (app && event.key === "Backspace" && search === "") {
      event.preventDefault();
      goTo(null);
    }
  };

  // Before the window that the palette may stand in hears of it, and closes.
  useEffect(() => {
    if (!app) return;
    const onEscape = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || document.activeElement !== input.current) return;
      event.preventDefault();
      event.stopPropagation();
      latest.current.goTo(null);
    };
    window.addEventListener("keydown", onEscape, true);
    return () => window.removeEventListener("keydown", onEscape, true);
  }, [app]);

  const label = app ? t.paletteSearchApp(app.name) : t.paletteSearch;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {app && (
        <div className="flex items-center gap-1.5 px-2 pb-2">
          <button
            type="button"
            aria-label={t.paletteBack}
            onClick={() => goTo(null)}
            className="grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-surface-3"
          >
            <ArrowLeft size={15} aria-hidden />
          </button>
          <NodeIcon icon={app.entry.icon} category={app.entry.category} size="sm" />
          <h2 className="truncate font-semibold text-sm">{app.name}</h2>
        </div>
      )}
      <div className="relative px-3 pb-2">
        <Search size={14} className="absolute top-2 left-5.5 text-ink-3" aria-hidden />
        <Input
          ref={input}
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={chosen ? `${id}-${chosen.key}` : undefined}
          aria-label={label}
          placeholder={label}
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
        aria-label={app?.name ?? t.palette}
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-3"
      >
        {groups.map((group) => (
          // biome-ignore lint/a11y/useSemanticElements: a fieldset may not stand in a listbox.
          <div key={group.key} role="group" aria-label={titleOf(group)}>
            <div className="px-2 pt-2 pb-1 font-medium text-2xs text-ink-3" aria-hidden>
              {titleOf(group)}
            </div>
            {group.choices.map((choice) => (
              <Row
                key={choice.key}
                id={`${id}-${choice.key}`}
                choice={choice}
                inApp={app !== null}
                chosen={choice === chosen}
                engaged={engaged}
                draggable={draggable}
                onPoint={onPoint}
                onPick={onChoose}
              />
            ))}
          </div>
        ))}
        {flat.length === 0 && <p className="px-2 py-6 text-center text-ink-3 text-sm">{t.paletteNone}</p>}
      </div>
    </div>
  );
}

const isOf =
  (app: App | null) =>
  (choice: Choice): boolean =>
    choice.app !== undefined && choice.app === app && !choice.key.startsWith("recent-");

interface RowProps {
  id: string;
  choice: Choice;
  inApp: boolean;
  chosen: boolean;
  engaged: boolean;
  draggable: boolean;
  onPoint(choice: Choice): void;
  onPick(choice: Choice): void;
}

/** One option; drawn again only where it becomes the chosen one, or is it no more. */
const Row = memo(({ id, choice, inApp, chosen, engaged, draggable, onPoint, onPick }: RowProps) => (
  // biome-ignore lint/a11y/useKeyWithClickEvents: the search field above takes the keys (combobox pattern).
  // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field (combobox pattern).
  <div
    id={id}
    role="option"
    aria-selected={chosen}
    draggable={draggable}
    onDragStart={(event) => {
      event.dataTransfer.setData(DRAG_TYPE, dragged(choice));
      event.dataTransfer.effectAllowed = "copy";
    }}
    onMouseMove={() => onPoint(choice)}
    onClick={() => onPick(choice)}
    data-type={choice.entry.type}
    className={cx(
      "flex items-center gap-2.5 rounded-md px-2 py-1.5",
      chosen && engaged ? "bg-surface-3" : "hover:bg-surface-3",
      draggable && "active:cursor-grabbing",
    )}
  >
    {(!inApp || choice.entry.trigger) && (
      <NodeIcon icon={choice.entry.icon} category={choice.entry.category} size="sm" />
    )}
    <div className="min-w-0 flex-1">
      <div className="truncate font-medium text-sm leading-5">{choice.title}</div>
      {(!inApp || choice.entry.trigger || choice.name) && (
        <div className="truncate text-2xs text-ink-3">{choice.detail}</div>
      )}
    </div>
    {choice.app && <ChevronRight size={14} className="shrink-0 text-ink-3" aria-hidden />}
  </div>
));
