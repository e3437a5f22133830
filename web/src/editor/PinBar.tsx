import { Pin, PinOff, SquarePen } from "lucide-react";
import { useState } from "react";
import { outputPorts } from "../graph/catalogue";
import type { WorkflowNode } from "../graph/document";
import { useRun } from "../run/context";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { PinDialog } from "./PinDialog";
import { pinnedCount, pinOutput, unpin } from "./pins";
import { useNodeType } from "./store";

const t = strings.parts;

/** Pins a node's output of the run on screen; shows what is pinned, to edit and unpin it. */
export function PinBar({ node }: { node: WorkflowNode }) {
  const entry = useNodeType(node);
  const run = useRun((state) => state.run.nodes[node.id] ?? null);
  const executionId = useRun((state) => state.run.executionId);
  const [editing, setEditing] = useState(false);
  const [busy, setBusy] = useState(false);
  if (entry?.trigger) return null;
  const pin = async () => {
    if (!run || !executionId) return;
    setBusy(true);
    await pinOutput(executionId, run);
    setBusy(false);
  };
  const dialog = editing && (
    <PinDialog node={node} ports={outputPorts(node, entry)} onClose={() => setEditing(false)} />
  );
  if (!node.pinned) {
    return (
      <div className="flex flex-wrap items-center gap-2 px-4 pt-3">
        {run?.status === "succeeded" && (
          <Button size="sm" icon={<Pin size={13} />} busy={busy} onClick={() => void pin()} title={t.pinHelp}>
            {t.pin}
          </Button>
        )}
        <Button size="sm" variant="quiet" icon={<SquarePen size={13} />} onClick={() => setEditing(true)}>
          {t.edit}
        </Button>
        {dialog}
      </div>
    );
  }
  const count = pinnedCount(node.pinned);
  return (
    <div className="mx-4 mt-3 rounded-lg border border-accent-line bg-accent-soft p-3">
      <div className="flex flex-wrap items-center gap-2">
        <Pin size={14} className="text-accent" aria-hidden />
        <span className="flex-1 font-medium text-sm">{count > 0 ? t.pinned(count) : t.pinnedNone}</span>
        <Button size="sm" icon={<SquarePen size={13} />} onClick={() => setEditing(true)}>
          {t.edit}
        </Button>
        <Button size="sm" icon={<PinOff size={13} />} onClick={() => unpin(node.id)}>
          {t.unpin}
        </Button>
      </div>
      <p className="mt-1 text-ink-2 text-xs">{t.pinnedText}</p>
      {dialog}
    </div>
  );
}
