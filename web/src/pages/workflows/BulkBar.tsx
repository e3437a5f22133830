import { Download, FolderInput, Power, PowerOff, Tag, Trash2, X } from "lucide-react";
import type { ReactNode } from "react";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import type { Actions } from "./useActions";

const t = strings.organising;

interface BulkBarProps {
  workflows: readonly WorkflowSummary[];
  actions: Actions;
  onMove(): void;
  onTag(): void;
  onDelete(): void;
  onClear(): void;
}

/** What can be done to all that is selected; it stays in view below the list. */
export function BulkBar({ workflows, actions, onMove, onTag, onDelete, onClear }: BulkBarProps) {
  const act = (action: "enable" | "disable" | "export") => void actions.act(workflows, { action });
  const button = (label: string, icon: ReactNode, onClick: () => void, danger = false) => (
    <Button
      size="sm"
      variant={danger ? "danger" : "quiet"}
      icon={icon}
      disabled={actions.busy}
      onClick={onClick}
      className="max-sm:px-2"
    >
      <span className="max-sm:sr-only">{label}</span>
    </Button>
  );
  return (
    <div
      role="toolbar"
      aria-label={t.bulkLabel}
      className="sticky bottom-3 z-20 mx-auto mt-3 flex w-fit max-w-full animate-slide-up items-center gap-0.5 rounded-xl border border-line bg-surface p-1.5 shadow-lg"
    >
      <span className="tabular whitespace-nowrap px-2 font-medium text-sm">{t.selected(workflows.length)}</span>
      {button(t.enable, <Power size={14} />, () => act("enable"))}
      {button(t.disable, <PowerOff size={14} />, () => act("disable"))}
      {button(t.moveShort, <FolderInput size={14} />, onMove)}
      {button(t.tag, <Tag size={14} />, onTag)}
      {button(t.export, <Download size={14} />, () => act("export"))}
      {button(strings.common.delete, <Trash2 size={14} />, onDelete, true)}
      <IconButton small label={t.clearSelection} onClick={onClear} className="mx-1">
        <X size={14} />
      </IconButton>
    </div>
  );
}
