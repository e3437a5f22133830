import { CircleAlert, CircleCheck, CircleDashed } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../api/account";
import { type Live, type Need, PRODUCTION, useEnvironments, usePromote, useReadiness } from "../../api/environments";
import { useAskForRelease } from "../../api/releases";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Textarea } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Slow } from "../../ui/Slow";
import { Failed, LoadingRows } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { useEditor } from "../store";
import { refreshLive } from "./live";

const t = strings.environments;
const words = strings.releases;

/** Says what a version needs in an environment, and makes it live there, or asks for that. */
export function Promotion({ place, number, onClose }: { place: Live; number: number; onClose(): void }) {
  const id = useEditor((state) => state.workflowId);
  const check = useReadiness(id, number, place.key);
  const promote = usePromote(id);
  const asking = useAskForRelease(id);
  const asks = useEnvironments().data?.find(({ key }) => key === place.key)?.needsApproval ?? false;
  const owner = useMe().data?.role === "owner";
  const [note, setNote] = useState("");
  const [failed, setFailed] = useState("");
  const go = async (emergency = false) => {
    setFailed("");
    try {
      if (asks && !emergency) {
        await asking.mutateAsync({ number, environment: place.key, note: note.trim() });
        toast({ tone: "ok", title: words.asked(number), detail: words.askedText });
        onClose();
        return;
      }
      await promote.mutateAsync({ number, environment: place.key, emergency });
      if (place.key === PRODUCTION) await refreshLive(id);
      toast({ tone: "ok", title: t.promoted(number, place.name) });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setFailed([asks ? words.notAsked : t.notPromoted, detail || title].join(": "));
      void check.refetch();
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={asks ? words.askTitleOf(number, place.name) : t.promoteTitle(number, place.name)}
      description={[
        asks ? words.askTextOf(place.name) : t.promoteText(place.name),
        place.version !== null && t.back_(place.version),
      ]
        .filter(Boolean)
        .join(" ")}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            busy={asking.isPending || (promote.isPending && !asks)}
            disabled={!check.data?.ready}
            onClick={() => void go()}
          >
            {asks ? words.ask : t.promote(place.name)}
          </Button>
        </>
      }
    >
      {asks && (
        <div className="space-y-3 pb-3">
          <Field label={words.why} help={words.whyHelp}>
            {(ids) => (
              <Textarea {...ids} value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />
            )}
          </Field>
          {owner && (place.version === null || number < place.version) && (
            <div className="space-y-1.5 rounded-md border border-warn-line bg-warn-soft p-2.5">
              <p className="text-ink-2 text-xs">{words.emergencyText}</p>
              <Button size="sm" busy={promote.isPending} onClick={() => void go(true)}>
                {words.emergency}
              </Button>
            </div>
          )}
        </div>
      )}
      <Slow busy={promote.isPending}>{strings.versions.slow}</Slow>
      {check.isPending && <LoadingRows rows={3} />}
      {check.isError && <Failed error={check.error} onRetry={() => void check.refetch()} />}
      {check.data && (
        <div className="space-y-2 pb-2">
          {!check.data.ready && (
            <p role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
              {t.notReady(place.name)}
            </p>
          )}
          {failed && (
            <p role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
              {failed}
            </p>
          )}
          {check.data.needs.length === 0 ? (
            <p className="text-ink-2 text-sm">{t.needsNothing}</p>
          ) : (
            <ul aria-label={t.needs} className="divide-y divide-line rounded-lg border border-line">
              {check.data.needs.map((need) => (
                <NeedRow key={`${need.kind} ${need.id ?? need.name}`} need={need} />
              ))}
            </ul>
          )}
        </div>
      )}
    </Dialog>
  );
}

const ICONS = { there: CircleCheck, fallback: CircleDashed, missing: CircleAlert };
const TONES = { there: "text-ok", fallback: "text-ink-2", missing: "text-bad" };

function NeedRow({ need }: { need: Need }) {
  const Icon = ICONS[need.state];
  return (
    <li className="flex items-start gap-2.5 px-3 py-2">
      <Icon size={16} aria-hidden className={`mt-0.5 shrink-0 ${TONES[need.state]}`} />
      <div className="min-w-0 flex-1">
        <div className="wrap-anywhere text-sm">
          <span className="text-ink-3">{t.kinds[need.kind]}</span> <span className="font-medium">{need.name}</span>
        </div>
        <div className="wrap-anywhere text-ink-3 text-xs">{t.neededBy(need.nodes)}</div>
      </div>
      <span className={`shrink-0 text-xs ${TONES[need.state]}`}>
        {need.standsIn ? t.standsIn(need.standsIn) : t.states[need.state]}
      </span>
    </li>
  );
}
