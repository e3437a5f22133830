import { Link2 } from "lucide-react";
import type { Credential } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/CopyButton";
import { cx } from "../ui/cx";
import { type Connection, connectionOf, redirectUrl } from "./connecting";
import { useConnecting } from "./useConnecting";

const t = strings.oauth2;

const TONES: Record<Connection, string> = {
  missing: "bg-warn-soft text-warn",
  connected: "bg-ok-soft text-ok",
  lost: "bg-bad-soft text-bad",
};

/** Whether a credential that a person connects is connected; nothing for others. */
export function ConnectionBadge({ credential }: { credential: Credential }) {
  const connection = connectionOf(credential);
  if (!connection) return null;
  return (
    <span className={cx("shrink-0 rounded-full px-2 py-0.5 font-medium text-2xs", TONES[connection])}>
      {t.states[connection]}
    </span>
  );
}

/** The address that is to be registered at the provider. */
export function RedirectUrl() {
  const url = redirectUrl(window.location.origin);
  return (
    <div>
      <div className="font-medium text-xs">{t.redirectUrl}</div>
      <div className="flex items-center gap-1.5">
        <code className="min-w-0 flex-1 break-all font-mono text-xs">{url}</code>
        <CopyButton text={url} label={t.copyRedirect} />
      </div>
      <p className="text-ink-3 text-xs">{t.redirectHelp}</p>
    </div>
  );
}

interface ConnectPanelProps {
  credential: Credential;
  /** There are changes that are not saved: they would not be connected. */
  isChanged?: boolean;
}

/** Connects a credential at its provider, and says how that went. */
export function ConnectPanel({ credential, isChanged = false }: ConnectPanelProps) {
  const { state, begin } = useConnecting(credential.id);
  const connection = connectionOf(credential);
  if (!connection) return null;
  const help = { missing: t.missingHelp, connected: t.connectedHelp, lost: t.lostHelp }[connection];
  const label = state.kind === "waiting" ? t.beginAgain : connection === "missing" ? t.connect : t.again;
  return (
    <section className="space-y-3 rounded-lg border border-line bg-surface-2 p-3">
      <div className="flex flex-wrap items-center gap-2">
        <ConnectionBadge credential={credential} />
        <p className="min-w-40 flex-1 text-ink-2 text-xs">{isChanged ? t.saveFirst : help}</p>
        <Button
          size="sm"
          variant={connection === "connected" ? "secondary" : "primary"}
          icon={<Link2 size={14} />}
          disabled={isChanged}
          onClick={() => void begin()}
        >
          {label}
        </Button>
      </div>
      {state.kind === "waiting" && (
        <p role="status" className="text-ink-2 text-sm">
          {t.waiting}
        </p>
      )}
      {state.kind === "connected" && connection === "connected" && (
        <p role="status" className="rounded-md bg-ok-soft px-3 py-2 text-ok text-sm">
          {state.message}
        </p>
      )}
      {state.kind === "failed" && (
        <p role="alert" className="break-words rounded-md bg-bad-soft px-3 py-2 text-bad text-sm">
          {state.message}
        </p>
      )}
      <RedirectUrl />
    </section>
  );
}
