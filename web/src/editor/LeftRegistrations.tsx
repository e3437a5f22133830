import { useState } from "react";
import { useDismissRegistration, useLeftRegistrations } from "../api/queries";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { useEditor } from "./store";

const t = strings.triggerState.left;

/** What unpublishing could not take away at a provider: of one trigger, or of all; nothing where there is none. */
export function LeftRegistrations({ nodeId }: { nodeId?: string }) {
  const workflowId = useEditor((state) => state.workflowId);
  const version = useEditor((state) => state.publishedVersion);
  const { data = [] } = useLeftRegistrations(workflowId, version);
  const dismiss = useDismissRegistration(workflowId);
  const [asked, setAsked] = useState<string | null>(null);
  const left = data.filter((one) => nodeId === undefined || one.nodeId === nodeId);
  const chosen = left.find(({ id }) => id === asked);
  if (left.length === 0) return null;
  return (
    <section aria-label={t.title} className="rounded-lg border border-warn-line bg-warn-soft p-3 text-xs">
      <h3 className="font-medium text-warn">{t.title}</h3>
      <ul className="mt-1.5 space-y-2.5">
        {left.map((one) => (
          <li key={one.id} className="wrap-anywhere text-ink-2">
            <p>{one.status === "failed" ? t.failed : t.leaving}</p>
            {one.url && <p className="mt-1 break-all font-mono text-2xs">{one.url}</p>}
            {one.lastError && <p className="mt-1">{t.error(String(one.lastError.message ?? ""))}</p>}
            <Button size="sm" className="mt-1.5" onClick={() => setAsked(one.id)}>
              {t.dismiss}
            </Button>
          </li>
        ))}
      </ul>
      {chosen && (
        <ConfirmDialog
          title={t.dismissTitle}
          text={t.dismissText(chosen.url ?? "")}
          action={t.dismiss}
          failed={t.notDismissed}
          onConfirm={() => dismiss.mutateAsync(chosen.id)}
          onClose={() => setAsked(null)}
        />
      )}
    </section>
  );
}
