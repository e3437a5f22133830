import { Download, FolderInput, Power, PowerOff, Tag, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import type { WorkflowSummary } from "../../api/types";
import { strings } from "../../strings";
import { SelectionBar, SelectionButton } from "../../ui/SelectionBar";
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

/** What can be done to all workflows that are selected. */
export function BulkBar({ workflows, actions, onMove, onTag, onDelete, onClear }: BulkBarProps) {
  const act = (action: "enable" | "disable" | "export") => void actions.act(workflows, { action });
  const button = (label: string, icon: ReactNode, onClick: () => void, danger = false) => (
    <SelectionButton label={label} icon={icon} disabled={actions.busy} danger={danger} onClick={onClick} />
  );
  return (
    <SelectionBar count={workflows.length} onClear={onClear}>
      {button(t.enable, <Power size={14} />, () => act("enable"))}
      {button(t.disable, <PowerOff size={14} />, () => act("disable"))}
      {button(t.moveShort, <FolderInput size={14} />, onMove)}
      {button(t.tag, <Tag size={14} />, onTag)}
      {button(t.export, <Download size={14} />, () => act("export"))}
      {button(strings.common.delete, <Trash2 size={14} />, onDelete, true)}
    </SelectionBar>
  );
}
