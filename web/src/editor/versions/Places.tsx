import { CircleAlert, CircleCheck, CircleDashed, GitCompareArrows, UploadCloud, X } from "lucide-react";
import { useState } from "react";
import { getWorkflow } from "../../api/endpoints";
import {
  type Live,
  type Need,
  PRODUCTION,
  useLive,
  usePromote,
  useReadiness,
  useSwitchLive,
  useTakeDown,
} from "../../api/environments";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Dialog } from "../../ui/Dialog";
import { messageOf } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { useEditor } from "../store";

const t = strings.environments;

/** Has the editor know what is live in production. */
async function refresh(id: string) {
  const { webhooks, publishedVersion, enabled } = await getWorkflow(id);
  useEditor.setState({ publishedVersion, webhooks, enabled });
}

/** Where the open workflow is live, environment by environment; nothing where there is only one. */
export function Places({ number, onCompare }: { number: number | null; onCompare(place: string): void }) {
  const id = useEditor((state) => state.workflowId);
  const query = useLive(id);
  const places = query.data ?? [];
  const [asks, setAsks] = useState<Live>();
  const [leaves, setLeaves] = useState<Live>();
  const takeDown = useTakeDown(id);
  if (places.length < 2) return null;
  return (
    <section aria-label={t.places} className="shrink-0 border-line border-b bg-surface px-3 py-2">
      <ol className="grid gap-2 sm:grid-cols-[repeat(auto-fit,minmax(15rem,1fr))]">
        {places.map((place) => (
          <Place
            key={place.key}
            place={place}
            number={number}
            onAsk={() => setAsks(place)}
            onLeave={() => setLeaves(place)}
            onCompare={() => onCompare(place.key)}
          />
        ))}
      </ol>
      {asks && number !== null && <Promotion place={asks} number={number} onClose={() => setAsks(undefined)} />}
      {leaves && (
        <ConfirmDialog
          title={t.takeDownTitle(leaves.name)}
          text={t.takeDownText(leaves.name)}
          action={t.takeDown(leaves.name)}
          failed={t.notPromoted}
          onConfirm={async () => {
            await takeDown.mutateAsync(leaves.key);
            if (leaves.key === PRODUCTION) await refresh(id);
            toast({ tone: "ok", title: t.takenDown(leaves.name) });
          }}
          onClose={() => setLeaves(undefined)}
        />
      )}
    </section>
  );
}

interface PlaceProps {
  place: Live;
  number: number | null;
  onAsk(): void;
  onLeave(): void;
  onCompare(): void;
}

function Place({ place, number, onAsk, onLeave, onCompare }: PlaceProps) {
  const id = useEditor((state) => state.workflowId);
  const turn = useSwitchLive(id);
  const live = place.version !== null;
  const change = async (enabled: boolean) => {
    try {
      await turn.mutateAsync({ environment: place.key, enabled });
      if (place.key === PRODUCTION) await refresh(id);
    } catch (error) {
      toast({ tone: "bad", title: t.notSwitched, detail: messageOf(error).detail });
    }
  };
  return (
    <li className="flex min-w-0 flex-col gap-1.5 rounded-lg border border-line p-2.5">
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium text-sm">{place.name}</span>
        {live && (
          <>
            <IconButton label={t.compare(place.name)} onClick={onCompare}>
              <GitCompareArrows size={14} aria-hidden />
            </IconButton>
            <Switch checked={place.enabled} onChange={(on) => void change(on)} label={t.switchOn(place.name)} />
            <IconButton label={t.takeDown(place.name)} onClick={onLeave}>
              <X size={14} aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      <div className="text-ink-2 text-xs">
        {place.version === null ? t.nothing : t.liveHere(place.version)}
        {live && !place.enabled && ` · ${t.off}`}
        {place.timed > 0 && ` · ${t.timed(place.timed)}`}
      </div>
      {place.urls.length > 0 && (
        <ul aria-label={t.addresses(place.name)} className="space-y-0.5">
          {place.urls.map((url) => (
            <li key={url} className="wrap-anywhere font-mono text-2xs text-ink-3">
              {url}
            </li>
          ))}
        </ul>
      )}
      {number !== null && place.version !== number && (
        <Button size="sm" icon={<UploadCloud size={13} />} onClick={onAsk} className="mt-auto self-start">
          {t.promote(place.name)}
        </Button>
      )}
    </li>
  );
}

/** Says what a version needs in an environment, and makes it live there. */
function Promotion({ place, number, onClose }: { place: Live; number: number; onClose(): void }) {
  const id = useEditor((state) => state.workflowId);
  const check = useReadiness(id, number, place.key);
  const promote = usePromote(id);
  const [failed, setFailed] = useState("");
  const go = async () => {
    setFailed("");
    try {
      await promote.mutateAsync({ number, environment: place.key });
      if (place.key === PRODUCTION) await refresh(id);
      toast({ tone: "ok", title: t.promoted(number, place.name) });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setFailed([t.notPromoted, detail || title].join(": "));
      void check.refetch();
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.promoteTitle(number, place.name)}
      description={[t.promoteText(place.name), place.version !== null && t.back_(place.version)]
        .filter(Boolean)
        .join(" ")}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" busy={promote.isPending} disabled={!check.data?.ready} onClick={() => void go()}>
            {t.promote(place.name)}
          </Button>
        </>
      }
    >
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
