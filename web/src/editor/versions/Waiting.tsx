import { Check, GitCompareArrows, Hourglass, Undo2, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useEnvironmentName } from "../../api/environments";
import { type Release, useDecideRelease, useReleases } from "../../api/releases";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Textarea } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { ago, dateTime } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { useEditor } from "../store";
import { refreshLive } from "./live";

const t = strings.releases;
const MOST_COMMENT = 2000;

/** What of the open workflow waits for an approval, with what the caller may say to it; nothing where nothing waits. */
export function Waiting({ onCompare }: { onCompare(release: Release): void }) {
  const id = useEditor((state) => state.workflowId);
  const waiting = useReleases(id).data?.filter(({ state }) => state === "waiting") ?? [];
  if (waiting.length === 0) return null;
  return (
    <ul aria-label={t.waiting} className="max-h-60 shrink-0 overflow-y-auto border-line border-b bg-warn-soft">
      {waiting.map((release) => (
        <Asked key={release.id} release={release} onCompare={() => onCompare(release)} />
      ))}
    </ul>
  );
}

function Asked({ release, onCompare }: { release: Release; onCompare(): void }) {
  const id = useEditor((state) => state.workflowId);
  const nameOf = useEnvironmentName();
  const decide = useDecideRelease(id);
  const [asks, setAsks] = useState<"approve" | "reject">();
  const takeBack = async () => {
    try {
      await decide.mutateAsync({ id: release.id, decision: "cancel" });
      toast({ tone: "ok", title: t.done.cancel(release.version) });
    } catch (error) {
      const { title, detail } = messageOf(error);
      toast({ tone: "bad", title: t.notDecided, detail: detail || title });
    }
  };
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-3 py-2.5">
      <Hourglass size={16} aria-hidden className="mt-0.5 shrink-0 text-warn" />
      <div className="min-w-48 flex-1">
        <div className="wrap-anywhere font-medium text-sm">
          {t.asks(strings.versions.short(release.version, release.versionName), nameOf(release.environment))}
        </div>
        <div className="text-ink-2 text-xs" title={dateTime(release.askedAt)}>
          {t.by(release.asker ?? t.gone, ago(release.askedAt))}
        </div>
        {release.note && <p className="wrap-anywhere mt-1 whitespace-pre-wrap text-ink-2 text-sm">{release.note}</p>}
      </div>
      <div className="flex flex-wrap gap-1.5">
        <Button size="sm" icon={<GitCompareArrows size={13} />} onClick={onCompare}>
          {t.compare}
        </Button>
        {release.canDecide && (
          <>
            <Button size="sm" icon={<X size={13} />} onClick={() => setAsks("reject")}>
              {t.reject}
            </Button>
            <Button size="sm" variant="primary" icon={<Check size={13} />} onClick={() => setAsks("approve")}>
              {t.approve}
            </Button>
          </>
        )}
        {release.mine && (
          <Button size="sm" busy={decide.isPending} icon={<Undo2 size={13} />} onClick={() => void takeBack()}>
            {t.cancel}
          </Button>
        )}
      </div>
      {asks && <DecideDialog release={release} decision={asks} onClose={() => setAsks(undefined)} />}
    </li>
  );
}

interface DecideDialogProps {
  release: Release;
  decision: "approve" | "reject";
  onClose(): void;
}

function DecideDialog({ release, decision, onClose }: DecideDialogProps) {
  const id = useEditor((state) => state.workflowId);
  const nameOf = useEnvironmentName();
  const decide = useDecideRelease(id);
  const [comment, setComment] = useState("");
  const [failed, setFailed] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailed("");
    try {
      await decide.mutateAsync({ id: release.id, decision, comment: comment.trim() });
      if (decision === "approve") await refreshLive(id);
      toast({ tone: "ok", title: t.done[decision](release.version) });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setFailed([t.notDecided, detail || title].join(": "));
    }
  };
  const rejects = decision === "reject";
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.decideTitles[decision](release.version)}
      description={t.decideTexts[decision](nameOf(release.environment))}
    >
      <form onSubmit={(event) => void submit(event)} className="space-y-3 pb-3">
        {failed && (
          <p role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
            {failed}
          </p>
        )}
        <Field label={rejects ? t.reason : t.comment} required={rejects} {...(rejects && { help: t.reasonHelp })}>
          {(ids) => (
            <Textarea
              {...ids}
              value={comment}
              maxLength={MOST_COMMENT}
              onChange={(event) => setComment(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            type="submit"
            variant={rejects ? "danger" : "primary"}
            busy={decide.isPending}
            disabled={rejects && !comment.trim()}
          >
            {t.deeds[decision]}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What was said to a version, the latest first: of what waits, above. */
export function SaidTo({ number }: { number: number }) {
  const id = useEditor((state) => state.workflowId);
  const nameOf = useEnvironmentName();
  const said = useReleases(id).data?.filter(({ version, state }) => version === number && state !== "waiting") ?? [];
  if (said.length === 0) return null;
  return (
    <ul className="max-h-24 overflow-y-auto border-line border-b px-3 py-1.5 text-ink-2 text-xs">
      {said.map((one) => (
        <li key={one.id} className="wrap-anywhere py-0.5">
          {nameOf(one.environment)}: {t.toldBy(t.told[one.state], one.decider ?? t.gone, one.comment)}
        </li>
      ))}
    </ul>
  );
}
