import { Building2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { placeToLogIn } from "../../api/signIn";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Form";
import { wordsOf } from "./ProofForm";

const t = strings.signIn;

/** On the log-in page: leads to a workspace's identity provider. */
export function ProviderLogIn({ to }: { to: string }) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const workspace = String(new FormData(event.currentTarget).get("workspace") ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      window.location.assign(await placeToLogIn(workspace, to));
    } catch (failure) {
      setError(wordsOf(failure));
      setBusy(false);
    }
  };
  if (!open) {
    return (
      <Button icon={<Building2 size={14} />} onClick={() => setOpen(true)} className="mt-3 h-9 w-full">
        {t.byProvider}
      </Button>
    );
  }
  return (
    <form onSubmit={(event) => void submit(event)} className="mt-3 space-y-3 rounded-lg border border-line p-3">
      <Field label={t.workspace} help={t.workspaceHelp} error={error}>
        {(ids) => (
          <Input {...ids} name="workspace" required autoFocus maxLength={254} autoCapitalize="none" className="h-9" />
        )}
      </Field>
      <Button type="submit" busy={busy} className="h-9 w-full">
        {t.goOn}
      </Button>
    </form>
  );
}

/** What a provider's way back says went wrong (`?problem=`), for people. */
export function problemOf(search: string): string | null {
  const problem = new URLSearchParams(search).get("problem");
  if (problem === null) return null;
  return Object.hasOwn(t.problems, problem) ? (t.problems[problem] ?? t.problem) : t.problem;
}
