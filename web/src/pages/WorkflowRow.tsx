import {
  Activity,
  CalendarClock,
  CornerDownRight,
  Ellipsis,
  MousePointerClick,
  Pencil,
  Siren,
  Trash2,
  Webhook,
} from "lucide-react";
import type { ReactNode } from "react";
import { Link, useNavigate } from "react-router";
import type { WorkflowSummary } from "../api/types";
import { strings } from "../strings";
import { IconButton } from "../ui/Button";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { StatusBadge } from "../ui/Status";
import { Tooltip } from "../ui/Tooltip";
import { ago, dateTime } from "../ui/time";

const t = strings.workflows;

const TRIGGER_ICONS: Record<string, ReactNode> = {
  webhook: <Webhook size={14} />,
  schedule: <CalendarClock size={14} />,
  manual: <MousePointerClick size={14} />,
  workflow: <CornerDownRight size={14} />,
  error: <Siren size={14} />,
};

/** `webhook_trigger` and `webhook` both name the trigger kind. */
const kindOf = (trigger: string) => trigger.replace(/_trigger$/, "");

export function WorkflowRow({ workflow, onDelete }: { workflow: WorkflowSummary; onDelete(): void }) {
  const navigate = useNavigate();
  const { lastExecution: last } = workflow;
  const live = workflow.publishedVersion !== null && workflow.enabled;
  return (
    <li className="group relative flex items-center gap-3 px-4 py-3 transition-colors hover:bg-surface-2">
      <span
        aria-hidden
        className={`size-2 shrink-0 rounded-full ${live ? "bg-ok" : "border border-line-strong bg-transparent"}`}
      />
      <div className="min-w-0 flex-1">
        <Link
          to={`/workflows/${workflow.id}`}
          className="block truncate font-medium text-base text-ink after:absolute after:inset-0"
        >
          {workflow.name}
        </Link>
        <div className="mt-0.5 flex items-center gap-2 text-ink-3 text-xs">
          <span className="whitespace-nowrap">
            {live && workflow.publishedVersion !== null ? t.published(workflow.publishedVersion) : t.draft}
          </span>
          <span aria-hidden>·</span>
          <span className="truncate" title={dateTime(workflow.updatedAt)}>
            {t.updated(ago(workflow.updatedAt))}
          </span>
        </div>
      </div>
      <div className="hidden items-center gap-1 text-ink-3 sm:flex">
        {[...new Set(workflow.triggers.map(kindOf))].map((kind) => (
          <Tooltip key={kind} label={strings.triggers[kind] ?? kind}>
            <span className="relative flex size-6 items-center justify-center">
              {TRIGGER_ICONS[kind]}
              <span className="sr-only">{strings.triggers[kind] ?? kind}</span>
            </span>
          </Tooltip>
        ))}
      </div>
      <div className="flex w-auto justify-end sm:w-52">
        {last ? (
          <Link
            to={`/executions/${last.id}`}
            className="relative flex items-center gap-2 rounded-full"
            aria-label={t.lastRunLabel(strings.status[last.status] ?? last.status)}
          >
            <span className="hidden text-ink-3 text-xs sm:inline">{ago(last.startedAt)}</span>
            <StatusBadge status={last.status} />
          </Link>
        ) : (
          <span className="text-ink-3 text-xs">{t.neverRun}</span>
        )}
      </div>
      <div className="relative">
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
          <MenuItem icon={<Trash2 size={14} />} danger onSelect={onDelete}>
            {strings.common.delete}
          </MenuItem>
        </Menu>
      </div>
    </li>
  );
}
