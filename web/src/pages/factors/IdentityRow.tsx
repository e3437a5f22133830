import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useFactors } from "../../api/factors";
import { beginLink, unlink, useIdentity } from "../../api/signIn";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { toast } from "../../ui/toasts";
import { ConfirmMe, needsConfirmation } from "./ConfirmMe";
import { wordsOf } from "./ProofForm";

const t = strings.signIn;

/** Whether one's account is linked with the workspace's identity provider. Nothing where there is none. */
export function IdentityRow() {
  const queries = useQueryClient();
  const identity = useIdentity();
  const factors = useFactors();
  const [step, setStep] = useState<"unlink" | "confirm" | null>(null);
  const [busy, setBusy] = useState(false);
  if (!identity.data?.provider || factors.data?.byProvider) return null;
  const { provider, linked } = identity.data;
  const link = () => {
    setBusy(true);
    beginLink().then(
      (url) => window.location.assign(url),
      (error: unknown) => {
        toast({ tone: "bad", title: wordsOf(error) });
        setBusy(false);
      },
    );
  };
  const cut = async () => {
    try {
      await unlink();
      await queries.invalidateQueries({ queryKey: ["identity"] });
    } catch (error) {
      if (!needsConfirmation(error)) throw error;
      setTimeout(() => setStep("confirm"));
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line px-3 py-3">
      <div className="min-w-48 flex-1">
        <h3 className="font-medium text-sm">{t.identity}</h3>
        <p className="text-ink-2 text-xs">{linked ? t.linked(provider) : t.unlinked(provider)}</p>
      </div>
      {linked ? (
        <Button onClick={() => setStep("unlink")}>{t.unlink}</Button>
      ) : (
        <Button busy={busy} onClick={link}>
          {t.link}
        </Button>
      )}
      {step === "unlink" && (
        <ConfirmDialog
          title={t.unlinkTitle}
          text={t.unlinkText}
          action={t.unlink}
          failed={t.unlinkFailed}
          onConfirm={cut}
          onClose={() => setStep(null)}
        />
      )}
      {step === "confirm" && factors.data && (
        <ConfirmMe
          factors={factors.data}
          onClose={() => setStep(null)}
          onDone={() => {
            setStep(null);
            void cut();
          }}
        />
      )}
    </div>
  );
}
