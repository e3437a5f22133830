import { GitCompareArrows, UploadCloud, X } from "lucide-react";
import { useState } from "react";
import { type Live, PRODUCTION, useLive, useSwitchLive, useTakeDown } from "../../api/environments";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { messageOf } from "../../ui/message";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { useEditor } from "../store";
import { refreshLive } from "./live";
import { Promotion } from "./Promotion";

const t = strings.environments;

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
            if (leaves.key === PRODUCTION) await refreshLive(id);
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
      if (place.key === PRODUCTION) await refreshLive(id);
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
