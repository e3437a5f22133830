import { useMutation } from "@tanstack/react-query";
import { CircleStop, RotateCcw, RotateCw } from "lucide-react";
import { useState } from "react";
import { changeExecutions, type ExecutionAction } from "../../api/endpoints";
import type { Execution } from "../../api/types";
import { isOver } from "../../run/state";
import { strings } from "../../strings";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { SelectionBar, SelectionButton } from "../../ui/SelectionBar";
import { toast } from "../../ui/toasts";

const t = strings.executions;

/** Whether an action has a meaning for an execution. */
const APPLIES: Record<ExecutionAction, (execution: Execution) => boolean> = {
  cancel: ({ status }) => !isOver(status),
  runAgain: ({ status }) => isOver(status),
  retry: ({ status }) => status === "failed" || status === "timed_out",
};
const ICONS = {
  cancel: <CircleStop size={14} />,
  runAgain: <RotateCcw size={14} />,
  retry: <RotateCw size={14} />,
};
const ACTIONS = Object.keys(APPLIES) as ExecutionAction[];

/** What can be done to the executions that are selected: each action takes those it has a meaning for. */
export function ExecutionBar({ executions, onClear }: { executions: readonly Execution[]; onClear(): void }) {
  const [asked, setAsked] = useState<ExecutionAction | null>(null);
  const changing = useMutation({
    mutationFn: ({ action, ids }: { action: ExecutionAction; ids: string[] }) => changeExecutions(action, ids),
  });
  const idsFor = (action: ExecutionAction) => executions.filter(APPLIES[action]).map(({ id }) => id);
  const act = async (action: ExecutionAction) => {
    const results = await changing.mutateAsync({ action, ids: idsFor(action) });
    const done = results.filter(({ ok }) => ok).length;
    const reasons = new Map<string, number>();
    for (const { ok, message } of results) if (!ok && message) reasons.set(message, (reasons.get(message) ?? 0) + 1);
    if (reasons.size === 0) toast({ tone: "ok", title: t.done[action](done) });
    else {
      const detail = [...reasons].map(([message, count]) => t.reason(count, message)).join(" ");
      toast({
        tone: "bad",
        title: done > 0 ? strings.organising.partly(done, results.length) : strings.organising.failed,
        detail,
      });
    }
    onClear();
  };
  return (
    <>
      <SelectionBar count={executions.length} onClear={onClear}>
        {ACTIONS.map((action) => (
          <SelectionButton
            key={action}
            label={t[action]}
            icon={ICONS[action]}
            disabled={changing.isPending || idsFor(action).length === 0}
            onClick={() => setAsked(action)}
          />
        ))}
      </SelectionBar>
      {asked && (
        <ConfirmDialog
          title={t.ask[asked](idsFor(asked).length)}
          text={t.askText[asked]}
          action={t[asked]}
          danger={asked === "cancel"}
          dismiss={asked === "cancel" ? t.keepRunning : strings.common.cancel}
          failed={strings.organising.failed}
          onConfirm={() => act(asked)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
