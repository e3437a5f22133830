import { type FormEvent, useState } from "react";
import { confirmApp } from "../../api/factors";
import type { components } from "../../api/schema";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { wordsOf } from "./ProofForm";

const t = strings.factors;

interface AppDialogProps {
  app: components["schemas"]["AppResponse"];
  /** It is on; recovery codes come with the first factor. */
  onDone(codes: string[]): void;
  onClose(): void;
}

/** Shows the secret of a new authenticator app, and asks for a code of it. */
export function AppDialog({ app, onDone, onClose }: AppDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get("code") ?? "").trim();
    setBusy(true);
    try {
      onDone(await confirmApp(code));
    } catch (failure) {
      setError(wordsOf(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.appTitle} description={t.appText}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4 pt-1 pb-3">
        <img
          src={app.picture}
          alt={t.appPicture}
          className="mx-auto block size-48 rounded-lg border border-line bg-white p-2"
        />
        <div>
          <p className="mb-1 text-ink-2 text-xs">{t.appSecret}</p>
          <div className="flex items-center gap-2 rounded-md border border-line bg-surface-2 py-1 pr-1 pl-2.5">
            <code className="min-w-0 flex-1 break-all font-mono text-xs">{app.secret.match(/.{1,4}/g)?.join(" ")}</code>
            <CopyButton text={app.secret} label={strings.common.copy} />
          </div>
        </div>
        <Field label={t.code} error={error}>
          {(ids) => (
            <Input
              {...ids}
              name="code"
              required
              autoFocus
              inputMode="numeric"
              autoComplete="one-time-code"
              pattern="\s*[0-9]{3}\s?[0-9]{3}\s*"
              maxLength={12}
              className="h-9 font-mono tracking-wider"
            />
          )}
        </Field>
        <Button variant="primary" type="submit" busy={busy} className="h-9 w-full">
          {t.goOn}
        </Button>
      </form>
    </Dialog>
  );
}
