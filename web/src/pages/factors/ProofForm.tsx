import { KeyRound } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { PasskeyError } from "../../api/passkeys";
import { ApiError } from "../../api/problem";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";

const t = strings.factors;

export type Way = "password" | "code" | "passkey" | "recoveryCode";
export type Given = { password: string } | { code: string } | { recoveryCode: string };

interface ProofFormProps {
  /** What can be shown, the likeliest first. */
  ways: Way[];
  give(proof: Given): Promise<void>;
  givePasskey(): Promise<void>;
  /** Something that goes beside the button. */
  aside?: ReactNode;
}

const NEXT: Record<Way, string> = {
  password: strings.auth.password,
  code: t.useCode,
  passkey: t.usePasskey,
  recoveryCode: t.useRecovery,
};

/** Asks for one of several proofs of who one is. */
export function ProofForm({ ways, give, givePasskey, aside }: ProofFormProps) {
  const [way, setWay] = useState<Way>(ways[0] ?? "code");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const typed = String(new FormData(event.currentTarget).get("proof") ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      if (way === "passkey") await givePasskey();
      else await give({ [way]: typed } as Given);
    } catch (failure) {
      setError(wordsOf(failure));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-4">
      {way === "passkey" ? (
        error && (
          <p role="alert" className="text-bad text-sm">
            {error}
          </p>
        )
      ) : (
        <ProofField key={way} way={way} error={error} />
      )}
      <div className="flex gap-2">
        {aside}
        <Button
          variant="primary"
          type="submit"
          busy={busy}
          className="h-9 flex-1"
          icon={way === "passkey" ? <KeyRound size={14} /> : undefined}
        >
          {way === "passkey" ? t.usePasskey : t.goOn}
        </Button>
      </div>
      <div className="flex flex-col items-start gap-2">
        {ways
          .filter((other) => other !== way)
          .map((other) => (
            <button
              key={other}
              type="button"
              className="font-medium text-accent text-sm underline-offset-2 hover:underline"
              onClick={() => {
                setError(null);
                setWay(other);
              }}
            >
              {NEXT[other]}
            </button>
          ))}
      </div>
    </form>
  );
}

function ProofField({ way, error }: { way: Exclude<Way, "passkey">; error: string | null }) {
  const label = { password: strings.auth.password, code: t.code, recoveryCode: t.recovery }[way];
  const help = { password: undefined, code: t.codeHelp, recoveryCode: t.recoveryHelp }[way];
  return (
    <Field label={label} help={help} error={error}>
      {(ids) => (
        <Input
          {...ids}
          name="proof"
          required
          autoFocus
          type={way === "password" ? "password" : "text"}
          autoComplete={{ password: "current-password", code: "one-time-code", recoveryCode: "off" }[way]}
          {...(way === "code" ? { inputMode: "numeric", pattern: "\\s*[0-9]{3}\\s?[0-9]{3}\\s*", maxLength: 12 } : {})}
          className={way === "password" ? "h-9" : "h-9 font-mono tracking-wider"}
        />
      )}
    </Field>
  );
}

/** What went wrong, for people. */
export function wordsOf(failure: unknown): string {
  if (failure instanceof PasskeyError) return failure.message;
  if (failure instanceof ApiError && failure.fields[0]) return failure.fields[0].message;
  const { title, detail } = messageOf(failure);
  return sentences(title, detail);
}
