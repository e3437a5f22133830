import {
  Activity,
  Boxes,
  CalendarClock,
  Copy,
  CornerDownRight,
  Download,
  Ellipsis,
  Folder as FolderIcon,
  FolderInput,
  LayoutTemplate,
  MousePointerClick,
  Pencil,
  Power,
  PowerOff,
  Siren,
  Tag as TagIcon,
  Trash2,
  UserPlus,
  Webhook,
} from "lucide-react";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import { useEnvironmentName } from "../api/environments";
import type { Tag } from "../api/organising";
import type { WorkflowSummary } from "../api/types";
import { allOf, costInWords } from "../run/usage";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { Checkbox } from "../ui/Checkbox";
import { cx } from "../ui/cx";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { StatusBadge } from "../ui/Status";
import { Switch } from "../ui/Switch";
import { Tooltip } from "../ui/Tooltip";
import { ago, dateTime } from "../ui/time";
import { standingOf } from "./workflows/standing";
import { TagChip } from "./workflows/TagChip";
import type { Actions } from "./workflows/useActions";

const t = strings.workflows;
const o = strings.organising;

const TRIGGER_ICONS: Record<string, ReactNode> = {
  webhook: <Webhook size={14} />,
  schedule: <CalendarClock size={14} />,
  manual: <MousePointerClick size={14} />,
  workflow: <CornerDownRight size={14} />,
  error: <Siren size={14} />,
};

/** `webhook_trigger` and `webhook` both name the trigger kind. */
const kindOf = (trigger: string) => trigger.replace(/_trigger$/, "");

export interface WorkflowRowProps {
  workflow: WorkflowSummary;
  tags: readonly Tag[];
  /** The name of its folder, where the list shows more than that folder. */
  folder: string | undefined;
  selected: boolean;
  actions: Actions;
  onSelect(selected: boolean, range: boolean): void;
  onMove(): void;
  onTag(): void;
  onDelete(): void;
  /** The name of its project, where the list shows several. */
  project?: string | undefined;
  onTemplate(): void;
  /** For who manages its project. */
  onShare?(): void;
  /** Where there are several projects. */
  onProject?(): void;
}

/** One workflow of the list: how it stands, what can be done with it. */
export function WorkflowRow(props: WorkflowRowProps) {
  const { workflow, tags, folder, project, selected, actions, onSelect } = props;
  const { lastExecution: last } = workflow;
  const version = workflow.publishedVersion;
  const { text, tone } = standingOf(workflow, useEnvironmentName());
  return (
    <li
      className={cx(
        "group relative flex items-center gap-3 px-3 py-2.5 transition-colors sm:px-4",
        selected ? "bg-accent-soft" : "hover:bg-surface-2",
      )}
    >
      <Checkbox
        checked={selected}
        onChange={onSelect}
        label={o.select(workflow.name)}
        className="relative z-10 before:absolute before:-inset-2.5"
      />
      <div className="min-w-0 flex-1">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            to={`/workflows/${workflow.id}`}
            className="block truncate font-medium text-base text-ink after:absolute after:inset-0"
          >
            {workflow.name}
          </Link>
          <span className="hidden shrink-0 gap-1 sm:flex">
            {tags.slice(0, 3).map((tag) => (
              <TagChip key={tag.id} tag={tag} />
            ))}
            {tags.length > 3 && <span className="text-2xs text-ink-3 leading-5">{`+${tags.length - 3}`}</span>}
          </span>
        </div>
        <div className="mt-0.5 flex items-center gap-2 text-ink-3 text-xs">
          <span className={cx("flex items-center gap-1.5 whitespace-nowrap", tone === "on" && "text-ok")}>
            <span
              aria-hidden
              className={cx(
                "size-1.5 rounded-full",
                tone === "on" ? "bg-ok" : tone === "none" ? "border border-line-strong" : "bg-warn",
              )}
            />
            {text}
          </span>
          {project && (
            <span className="hidden min-w-0 max-w-40 items-center gap-1 sm:flex">
              <Boxes size={11} className="shrink-0" aria-hidden />
              <span className="truncate">{project}</span>
            </span>
          )}
          {folder && (
            <span className="hidden min-w-0 max-w-56 items-center gap-1 sm:flex">
              <FolderIcon size={11} className="shrink-0" aria-hidden />
              <span className="truncate">{folder}</span>
            </span>
          )}
          <span className="truncate" title={dateTime(workflow.updatedAt)}>
            {t.updated(ago(workflow.updatedAt))}
          </span>
        </div>
        {tags.length > 0 && (
          <div className="mt-1 flex flex-wrap gap-1 sm:hidden">
            {tags.map((tag) => (
              <TagChip key={tag.id} tag={tag} />
            ))}
          </div>
        )}
      </div>
      {workflow.monthCost && (
        <Tooltip label={strings.spending.thisMonth(allOf(workflow.monthCost))}>
          <span className="tabular relative hidden whitespace-nowrap text-ink-3 text-xs lg:inline">
            {costInWords(workflow.monthCost)}
          </span>
        </Tooltip>
      )}
      <div className="hidden items-center text-ink-3 md:flex">
        {[...new Set(workflow.triggers.map(kindOf))].map((kind) => (
          <Tooltip key={kind} label={strings.triggers[kind] ?? kind}>
            <span className="relative flex size-6 items-center justify-center">
              {TRIGGER_ICONS[kind]}
              <span className="sr-only">{strings.triggers[kind] ?? kind}</span>
            </span>
          </Tooltip>
        ))}
      </div>
      <div className="flex w-auto justify-end sm:w-48">
        {last ? (
          <Link
            to={`/executions/${last.id}`}
            className="relative flex items-center gap-2 rounded-full"
            aria-label={t.lastRunLabel(strings.status[last.status] ?? last.status)}
          >
            <span className="hidden whitespace-nowrap text-ink-3 text-xs sm:inline">{ago(last.startedAt)}</span>
            <StatusBadge status={last.status} />
          </Link>
        ) : (
          <span className="hidden text-ink-3 text-xs sm:inline">{t.neverRun}</span>
        )}
      </div>
      <span className="relative hidden w-8 sm:block">
        {version !== null && (
          <Switch
            checked={workflow.enabled}
            onChange={(on) => void toggle(actions, workflow, on)}
            label={o.switchLabel(workflow.name)}
          />
        )}
      </span>
      <div className="relative">
        <RowMenu {...props} />
      </div>
    </li>
  );
}

function toggle(actions: Actions, workflow: WorkflowSummary, on: boolean): Promise<boolean> {
  const told = on ? o.switchedOn(workflow.name) : o.switchedOff(workflow.name);
  return actions.act([workflow], { action: on ? "enable" : "disable" }, told);
}

function RowMenu({ workflow, actions, onMove, onTag, onDelete, onTemplate, onShare, onProject }: WorkflowRowProps) {
  const navigate = useNavigate();
  const { enabled } = workflow;
  return (
    <Menu
      trigger={
        <IconButton label={strings.common.actions(workflow.name)}>
          <Ellipsis size={16} />
        </IconButton>
      }
    >
      <MenuItem icon={<Pencil size={14} />} onSelect={() => void navigate(`/workflows/${workflow.id}`)}>
        {t.open}
      </MenuItem>
      <MenuItem icon={<Activity size={14} />} onSelect={() => void navigate(`/executions?workflow=${workflow.id}`)}>
        {t.viewRuns}
      </MenuItem>
      <MenuLine />
      {workflow.publishedVersion !== null && (
        <MenuItem
          icon={enabled ? <PowerOff size={14} /> : <Power size={14} />}
          onSelect={() => void toggle(actions, workflow, !enabled)}
        >
          {enabled ? o.disable : o.enable}
        </MenuItem>
      )}
      <MenuItem icon={<Copy size={14} />} onSelect={() => void actions.duplicate(workflow)}>
        {o.duplicate}
      </MenuItem>
      <MenuItem icon={<FolderInput size={14} />} onSelect={onMove}>
        {o.move}
      </MenuItem>
      <MenuItem icon={<TagIcon size={14} />} onSelect={onTag}>
        {o.editTags}
      </MenuItem>
      <MenuItem icon={<LayoutTemplate size={14} />} onSelect={onTemplate}>
        {strings.templates.saveAs}
      </MenuItem>
      {onProject && (
        <MenuItem icon={<Boxes size={14} />} onSelect={onProject}>
          {strings.projects.move}
        </MenuItem>
      )}
      {onShare && (
        <MenuItem icon={<UserPlus size={14} />} onSelect={onShare}>
          {strings.projects.share}
        </MenuItem>
      )}
      <MenuItem icon={<Download size={14} />} onSelect={() => void actions.act([workflow], { action: "export" })}>
        {o.exportOne}
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 size={14} />} danger onSelect={onDelete}>
        {strings.common.delete}
      </MenuItem>
    </Menu>
  );
}
