import { CircleAlert, CircleCheck, CircleDashed, CirclePause } from "lucide-react";
import { useEffect } from "react";
import { type TriggerCheck, useTriggerChecks } from "../api/triggerChecks";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Failed, LoadingRows } from "../ui/States";
import { dateTime } from "../ui/time";
import { useEditor } from "./store";

const t = strings.triggerChecks;

const ICONS = {
  answered: <CircleCheck size={16} className="text-ok" aria-hidden />,
  waits: <CircleDashed size={16} className="text-ink-3" aria-hidden />,
  off: <CirclePause size={16} className="text-warn" aria-hidden />,
  failed: <CircleAlert size={16} className="text-bad" aria-hidden />,
};

/** What a test call of each trigger of the published version found. Nothing starts by it. */
export function TriggerChecks({ onClose }: { onClose(): void }) {
  const id = useEditor((state) => state.workflowId);
  const version = useEditor((state) => state.publishedVersion);
  const checks = useTriggerChecks(id);
  const { mutate } = checks;
  useEffect(() => mutate(), [mutate]);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.title(version ?? 0)}
      description={t.text}
      footer={
        <>
          <Button busy={checks.isPending} onClick={() => mutate()}>
            {t.again}
          </Button>
          <Button variant="primary" onClick={onClose}>
            {strings.common.close}
          </Button>
        </>
      }
    >
      <div aria-live="polite">
        {checks.isPending && <LoadingRows rows={2} />}
        {checks.isError && <Failed error={checks.error} onRetry={() => mutate()} />}
        {checks.data?.length === 0 && <p className="text-ink-2 text-sm">{t.none}</p>}
        {!checks.isPending && (
          <ul className="divide-y divide-line">
            {checks.data?.map((one) => (
              <Line key={one.nodeId} one={one} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Line({ one }: { one: TriggerCheck }) {
  return (
    <li className="flex items-start gap-2.5 py-2.5" data-check={one.nodeId}>
      <span className="mt-0.5 shrink-0">{ICONS[one.outcome]}</span>
      <div className="min-w-0 flex-1 text-sm">
        <p className="truncate font-medium">{one.nodeName}</p>
        <p className={one.outcome === "failed" ? "text-bad" : "text-ink-2"}>
          {one.outcome === "answered" && one.milliseconds !== null ? t.answered(one.milliseconds) : one.message}{" "}
          {one.remedy}
        </p>
        {one.next && <p className="text-ink-2">{t.next(dateTime(one.next))}</p>}
        {one.address && <p className="break-all text-2xs text-ink-3">{one.address}</p>}
      </div>
    </li>
  );
}
