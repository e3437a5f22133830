import { ChevronDown, ExternalLink, X } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, useId, useState } from "react";
import { useProjectHere, useProjects, useShares } from "../api/projects";
import { useWorkflowName, useWorkflowProject, useWorkflows } from "../api/queries";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { isComposing } from "../ui/composing";
import { cx } from "../ui/cx";
import { Input, inputClass } from "../ui/Form";
import type { ControlIds } from "./controls";

const t = strings.workflowSelect;

interface WorkflowSelectProps {
  ids: ControlIds;
  /** The id of the workflow; empty for none. */
  value: string;
  onChange(id: string): void;
}

/** Chooses a workflow of the workspace, by a search over their names. */
export function WorkflowSelect({ ids, value, onChange }: WorkflowSelectProps) {
  const [open, setOpen] = useState(false);
  const name = useWorkflowName(value);
  const away = useAway(value);
  const shown = value === "" ? t.pick : (name.data ?? (name.isError ? t.missing : "…"));
  const pick = (id: string) => {
    onChange(id);
    setOpen(false);
  };
  return (
    <>
      <div className="flex gap-1.5">
        <Popover.Root open={open} onOpenChange={setOpen}>
          <Popover.Trigger
            {...ids}
            className={cx(inputClass, "flex h-8 min-w-0 items-center gap-1 text-left", value === "" && "text-ink-3")}
          >
            <span className={cx("min-w-0 flex-1 truncate", name.isError && "text-bad")}>{shown}</span>
            <ChevronDown size={14} className="shrink-0 text-ink-3" aria-hidden />
          </Popover.Trigger>
          <Popover.Portal>
            <Popover.Content
              align="start"
              sideOffset={4}
              collisionPadding={8}
              aria-label={t.pick}
              className="z-50 flex max-h-80 w-(--radix-popover-trigger-width) min-w-64 animate-pop flex-col rounded-lg border border-line bg-surface p-1 shadow-md"
            >
              <Options value={value} onPick={pick} />
            </Popover.Content>
          </Popover.Portal>
        </Popover.Root>
        {value !== "" && (
          <>
            <a
              href={`/workflows/${value}`}
              target="_blank"
              rel="noreferrer"
              aria-label={t.open}
              title={t.open}
              className="flex size-8 shrink-0 items-center justify-center rounded-md border border-line-strong text-ink-2 hover:bg-surface-3 hover:text-ink"
            >
              <ExternalLink size={14} />
            </a>
            <IconButton label={t.none} onClick={() => onChange("")} className="border border-line-strong">
              <X size={14} />
            </IconButton>
          </>
        )}
      </div>
      {away && (
        <p role="alert" className="mt-1 text-bad text-xs">
          {strings.projects.foreignWorkflow(name.data ?? "")}
        </p>
      )}
    </>
  );
}

/** Whether a workflow is of another project than the one that the page is of, and not shared with that to be run. */
function useAway(id: string): boolean {
  const here = useProjectHere();
  const project = useWorkflowProject(id).data;
  const other = id !== "" && here !== undefined && project !== undefined && project !== here;
  const shares = useShares(id, other);
  return (
    other && shares.data !== undefined && !shares.data.some((one) => one.projectId === here && one.role !== "viewer")
  );
}

/** The search, with what it finds: arrows choose, Enter picks. */
function Options({ value, onPick }: { value: string; onPick(id: string): void }) {
  const id = useId();
  const [search, setSearch] = useState("");
  const [active, setActive] = useState(0);
  const query = useWorkflows(search);
  const found = query.data?.pages.flatMap((page) => page.items) ?? [];
  const here = useProjectHere();
  const projects = useProjects().data ?? [];
  const where = (project: string) => {
    const other = here && project !== here && projects.find((one) => one.id === project);
    return other ? <span className="text-ink-3">{` · ${other.name}`}</span> : null;
  };
  const chosen = found[Math.min(active, found.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((before) => Math.max(0, Math.min(found.length - 1, before + step)));
    } else if (event.key === "Enter" && chosen) {
      event.preventDefault();
      onPick(chosen.id);
    }
  };
  return (
    <>
      <Input
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
        aria-label={t.search}
        placeholder={t.search}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        className="mb-1"
      />
      <div id={`${id}-list`} role="listbox" aria-label={t.pick} className="min-h-0 flex-1 overflow-y-auto">
        {found.map((workflow, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the search field above takes the keys (combobox pattern).
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the search field (combobox pattern).
          <div
            key={workflow.id}
            id={`${id}-${workflow.id}`}
            role="option"
            aria-selected={workflow === chosen}
            onMouseMove={() => setActive(index)}
            onClick={() => onPick(workflow.id)}
            className={cx(
              "truncate rounded-md px-2 py-1.5 text-sm",
              workflow === chosen && "bg-surface-3",
              workflow.id === value && "font-medium text-accent",
            )}
          >
            {workflow.name}
            {where(workflow.projectId)}
          </div>
        ))}
      </div>
      {query.isError && <p className="px-2 py-3 text-bad text-sm">{t.loadFailed}</p>}
      {query.isSuccess && found.length === 0 && <p className="px-2 py-3 text-ink-3 text-sm">{t.nothing}</p>}
    </>
  );
}
