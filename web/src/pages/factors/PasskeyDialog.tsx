import { type FormEvent, useState } from "react";
import { addPasskey } from "../../api/factors";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { needsConfirmation } from "./ConfirmMe";
import { wordsOf } from "./ProofForm";

const t = strings.factors;

interface PasskeyDialogProps {
  onDone(codes: string[]): void;
  /** What was typed before one was asked who one is. */
  name: string;
  /** The API wants to know once more who asks. */
  onConfirm(name: string): void;
  onClose(): void;
}

/** Names a new passkey, and has the browser make it. */
export function PasskeyDialog({ name: before, onDone, onConfirm, onClose }: PasskeyDialogProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      onDone(await addPasskey(name));
    } catch (failure) {
      if (needsConfirmation(failure)) onConfirm(name);
      else setError(wordsOf(failure));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t.passkeyAdd} description={t.passkeysNone}>
      <form onSubmit={(event) => void submit(event)} className="space-y-4 pt-1 pb-3">
        <Field label={t.passkeyName} help={t.passkeyNameHelp} error={error}>
          {(ids) => (
            <Input {...ids} name="name" defaultValue={before} required autoFocus maxLength={100} className="h-9" />
          )}
        </Field>
        <Button variant="primary" type="submit" busy={busy} className="h-9 w-full">
          {t.passkeyAdd}
        </Button>
      </form>
    </Dialog>
  );
}
