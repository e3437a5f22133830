import { type FormEvent, useState } from "react";
import { changePassword } from "../../api/account";
import { ApiError } from "../../api/problem";
import { useSession } from "../../api/session";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { toast } from "../../ui/toasts";

const t = strings.account;
const FEWEST_CHARACTERS = 10;

interface Wrong {
  current?: string | undefined;
  next?: string | undefined;
  /** What belongs to no field. */
  other?: string;
}

/** Changes the password: the current one, and the new one twice. */
export function PasswordForm() {
  const email = useSession((session) => session.user?.email ?? "");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const [current, next, again] = ["current", "next", "again"].map((name) => String(data.get(name) ?? ""));
    if (next !== again) {
      setWrong({ next: t.passwordsDiffer });
      return;
    }
    setBusy(true);
    setWrong({});
    try {
      await changePassword(current ?? "", next ?? "");
      form.reset();
      toast({ tone: "ok", title: t.passwordSaved, detail: t.passwordSavedText });
    } catch (error) {
      setWrong(told(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-3">
      {/* Password managers ask whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field label={t.passwordCurrent} error={wrong.current}>
        {(ids) => <Input {...ids} name="current" type="password" autoComplete="current-password" required />}
      </Field>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t.passwordNew} help={strings.auth.passwordHelp} error={wrong.next}>
          {(ids) => (
            <Input
              {...ids}
              name="next"
              type="password"
              autoComplete="new-password"
              required
              minLength={FEWEST_CHARACTERS}
            />
          )}
        </Field>
        <Field label={t.passwordAgain}>
          {(ids) => <Input {...ids} name="again" type="password" autoComplete="new-password" required />}
        </Field>
      </div>
      {wrong.other && (
        <p role="alert" className="text-bad text-sm">
          {wrong.other}
        </p>
      )}
      <Button type="submit" busy={busy}>
        {t.passwordChange}
      </Button>
    </form>
  );
}

function told(error: unknown): Wrong {
  const current = error instanceof ApiError ? error.messageFor("currentPassword") : undefined;
  const next = error instanceof ApiError ? error.messageFor("newPassword") : undefined;
  if (current || next) return { current, next };
  const { title, detail } = messageOf(error);
  return { other: sentences(title, detail) };
}
