import { useQueryClient } from "@tanstack/react-query";
import { KeyRound, LifeBuoy, Smartphone } from "lucide-react";
import { type ReactNode, useState } from "react";
import {
  beginApp,
  type Factors,
  type Passkey,
  removeApp,
  removePasskey,
  renewCodes,
  useFactors,
} from "../../api/factors";
import { hasPasskeys } from "../../api/passkeys";
import { refresh, useSession } from "../../api/session";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Failed, LoadingRows } from "../../ui/States";
import { ago } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { AppDialog } from "./AppDialog";
import { CodesDialog } from "./CodesDialog";
import { ConfirmMe, needsConfirmation } from "./ConfirmMe";
import { PasskeyDialog } from "./PasskeyDialog";
import { wordsOf } from "./ProofForm";

const t = strings.factors;

type Step =
  | { kind: "app"; app: Awaited<ReturnType<typeof beginApp>> }
  | { kind: "passkey" | "removeApp" | "renew" }
  | { kind: "removePasskey"; passkey: Passkey }
  | { kind: "codes"; codes: string[] };

/** How one logs in beside the password: the app, the passkeys, the recovery codes. */
export function FactorsPanel() {
  const query = useFactors();
  if (query.isPending) return <LoadingRows rows={3} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.byProvider) return <p className="text-ink-2 text-sm">{t.byProvider}</p>;
  return <Panel factors={query.data} />;
}

function Panel({ factors }: { factors: Factors }) {
  const queries = useQueryClient();
  const [step, setStep] = useState<Step | null>(null);
  const [wanted, setWanted] = useState<(() => void) | null>(null);
  const [named, setNamed] = useState("");
  /** Does something that changes how one logs in; asks who one is where the API wants to know. */
  const change = (work: () => Promise<void>) => {
    work().catch((error) => {
      if (needsConfirmation(error)) setWanted(() => () => change(work));
      else toast({ tone: "bad", title: wordsOf(error) });
    });
  };
  const done = async (codes: string[]) => {
    setStep(codes.length > 0 ? { kind: "codes", codes } : null);
    await queries.invalidateQueries({ queryKey: ["factors"] });
    if (codes.length === 0) await freed();
  };
  const begin = () => change(async () => setStep({ kind: "app", app: await beginApp() }));
  const addKey = () => {
    setNamed("");
    setStep({ kind: "passkey" });
  };
  const any = factors.hasApp || factors.passkeys.length > 0;
  return (
    <>
      <ul className="divide-y divide-line rounded-lg border border-line">
        <Row
          icon={<Smartphone size={16} />}
          title={t.app}
          text={factors.hasApp ? t.appOn : t.appOff}
          action={
            factors.hasApp ? (
              <Button onClick={() => setStep({ kind: "removeApp" })}>{t.remove}</Button>
            ) : (
              <Button onClick={begin}>{t.appSetUp}</Button>
            )
          }
        />
        <Row
          icon={<KeyRound size={16} />}
          title={t.passkeys}
          text={passkeyText(factors)}
          action={
            canMake(factors) ? (
              <Button onClick={addKey}>{t.passkeyAdd}</Button>
            ) : (
              hasPasskeys() && (
                <a href={there(factors)} className="font-medium text-accent text-sm hover:underline">
                  {t.goThere(factors.passkeyDomain)}
                </a>
              )
            )
          }
        >
          {factors.passkeys.map((passkey) => (
            <PasskeyRow
              key={passkey.id}
              passkey={passkey}
              onRemove={() => setStep({ kind: "removePasskey", passkey })}
            />
          ))}
        </Row>
        {any && (
          <Row
            icon={<LifeBuoy size={16} />}
            title={t.codes}
            text={`${t.codesLeft(factors.recoveryCodesLeft)}${factors.recoveryCodesLeft < 4 ? ` ${t.codesFew}` : ""}`}
            action={<Button onClick={() => setStep({ kind: "renew" })}>{t.codesRenew}</Button>}
          />
        )}
      </ul>
      {step?.kind === "app" && (
        <AppDialog
          app={step.app}
          onClose={() => setStep(null)}
          onDone={(codes) => {
            toast({ tone: "ok", title: t.appDone });
            void done(codes);
          }}
        />
      )}
      {step?.kind === "passkey" && wanted === null && (
        <PasskeyDialog
          name={named}
          onClose={() => setStep(null)}
          onConfirm={(name) => {
            setNamed(name);
            setWanted(() => () => setStep({ kind: "passkey" }));
          }}
          onDone={(codes) => {
            toast({ tone: "ok", title: t.passkeyAdded });
            void done(codes);
          }}
        />
      )}
      {step?.kind === "codes" && (
        <CodesDialog
          codes={step.codes}
          onClose={() => {
            setStep(null);
            void freed();
          }}
        />
      )}
      {step !== null && ["removeApp", "removePasskey", "renew"].includes(step.kind) && (
        <ConfirmDialog
          {...asking(step)}
          failed={step.kind === "renew" ? t.codesFew : t.removeFailed}
          onClose={() => setStep(null)}
          onConfirm={async () =>
            change(async () => {
              if (step.kind === "renew") return done(await renewCodes());
              if (step.kind === "removePasskey") await removePasskey(step.passkey.id);
              else await removeApp();
              return done([]);
            })
          }
        />
      )}
      {wanted !== null && (
        <ConfirmMe
          factors={factors}
          onClose={() => {
            setWanted(null);
            setStep(null);
          }}
          onDone={() => {
            setWanted(null);
            wanted();
          }}
        />
      )}
    </>
  );
}

/** A session that was held until there is a second factor goes on without that. */
async function freed(): Promise<void> {
  if (useSession.getState().factorMissing) await refresh();
}

function asking(step: Step): { title: string; text: string; action: string; danger: boolean } {
  if (step.kind === "renew")
    return { title: t.codesRenewTitle, text: t.codesRenewText, action: t.codesRenew, danger: false };
  if (step.kind === "removePasskey")
    return {
      title: t.removePasskeyTitle(step.passkey.name),
      text: t.removePasskeyText,
      action: t.remove,
      danger: true,
    };
  return { title: t.removeAppTitle, text: t.removeAppText, action: t.remove, danger: true };
}

const isHere = (factors: Factors) =>
  location.hostname === factors.passkeyDomain || location.hostname.endsWith(`.${factors.passkeyDomain}`);
const canMake = (factors: Factors) => hasPasskeys() && isHere(factors);

/** This page where passkeys work. */
function there({ passkeyDomain }: Factors): string {
  const url = new URL(location.href);
  url.hostname = passkeyDomain;
  return url.href;
}

function passkeyText(factors: Factors): string {
  if (!hasPasskeys()) return t.unsupported;
  return isHere(factors) ? t.passkeysNone : t.wrongPlace(factors.passkeyDomain);
}

interface RowProps {
  icon: ReactNode;
  title: string;
  text: string;
  action: ReactNode;
  children?: ReactNode;
}

function Row({ icon, title, text, action, children }: RowProps) {
  return (
    <li className="px-3 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className="text-ink-3" aria-hidden>
          {icon}
        </span>
        <div className="min-w-48 flex-1">
          <h3 className="font-medium text-sm">{title}</h3>
          <p className="text-ink-2 text-xs">{text}</p>
        </div>
        <span className="max-sm:basis-full max-sm:pl-7">{action}</span>
      </div>
      {children}
    </li>
  );
}

function PasskeyRow({ passkey, onRemove }: { passkey: Passkey; onRemove(): void }) {
  const used = passkey.lastUsedAt ? t.passkeyUsed(ago(passkey.lastUsedAt)) : t.passkeyUnused;
  return (
    <div className="mt-2 ml-7 flex items-center gap-3 rounded-md bg-surface-2 py-1.5 pr-1.5 pl-3">
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere text-sm">{passkey.name}</p>
        <p className={passkey.suspectAt ? "text-bad text-xs" : "text-ink-3 text-xs"}>
          {passkey.suspectAt ? t.passkeySuspect : used}
        </p>
      </div>
      <Button variant="quiet" onClick={onRemove} aria-label={`${t.remove} ${passkey.name}`}>
        {t.remove}
      </Button>
    </div>
  );
}
