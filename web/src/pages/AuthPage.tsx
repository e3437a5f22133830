import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Link, Navigate, useLocation } from "react-router";
import { hasPasskeys } from "../api/passkeys";
import { ApiError } from "../api/problem";
import { logIn, register, useSession } from "../api/session";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Alert, AuthField, AuthForm, EMAIL, Frame, NEW_PASSWORD, PASSWORD, text, useSubmit } from "./AuthFrame";
import { wordsOf } from "./factors/ProofForm";
import { ProviderLogIn, problemOf } from "./factors/ProviderLogIn";
import { type Asked, askedOf, logInWithPasskey, SecondFactor } from "./factors/SecondFactor";
import { MailSent } from "./RecoverPages";

const t = strings.auth;

function useTarget(): string {
  const state: unknown = useLocation().state;
  const from = typeof state === "object" && state !== null ? (state as { from?: unknown }).from : undefined;
  return typeof from === "string" && from.startsWith("/") ? from : "/";
}

export function LogInPage() {
  const target = useTarget();
  const problem = problemOf(useLocation().search);
  const signedIn = useSession((session) => session.state === "signedIn");
  const [asked, setAsked] = useState<Asked | null>(null);
  const { busy, error, submit } = useSubmit((data) =>
    logIn(text(data, "email").trim(), text(data, "password")).catch((refused: unknown) => {
      const next = askedOf(refused);
      if (next === null) throw refused;
      setAsked(next);
    }),
  );
  if (signedIn) return <Navigate to={target} replace />;
  if (asked !== null) return <SecondStep asked={asked} onBack={() => setAsked(null)} />;
  const wrong = error instanceof ApiError && error.status === 401;
  return (
    <Frame title={t.logInTitle} intro={t.logInIntro}>
      <AuthForm submit={submit} busy={busy} error={wrong ? null : error} action={t.logIn}>
        {error === null && problem !== null && <Alert>{problem}</Alert>}
        {wrong && <Alert>{t.wrong}</Alert>}
        <AuthField label={t.email} {...EMAIL} autoFocus />
        <AuthField
          label={t.password}
          aside={
            <Link to="/forgot-password" className="text-accent text-xs underline-offset-2 hover:underline">
              {t.forgot}
            </Link>
          }
          {...PASSWORD}
        />
      </AuthForm>
      <PasskeyLogIn />
      <ProviderLogIn to={target} />
      <p className="mt-6 text-ink-2 text-sm">
        {t.noAccount}{" "}
        <Link to="/register" className="font-medium text-accent underline-offset-2 hover:underline">
          {t.register}
        </Link>
      </p>
    </Frame>
  );
}

/** The password was right; there is a second factor. */
function SecondStep({ asked, onBack }: { asked: Asked; onBack(): void }) {
  return (
    <Frame title={strings.factors.title} intro={strings.factors.intro}>
      <SecondFactor asked={asked} onExpired={onBack} />
      <button
        type="button"
        onClick={onBack}
        className="mt-6 text-ink-2 text-sm underline-offset-2 hover:text-ink hover:underline"
      >
        {strings.factors.back}
      </button>
    </Frame>
  );
}

function PasskeyLogIn() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  if (!hasPasskeys()) return null;
  const logInSo = () => {
    setBusy(true);
    setError(null);
    logInWithPasskey()
      .catch((failure: unknown) => setError(wordsOf(failure)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <p className="my-4 flex items-center gap-3 text-ink-3 text-xs before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {strings.factors.or}
      </p>
      <Button icon={<KeyRound size={14} />} busy={busy} onClick={logInSo} className="h-9 w-full">
        {strings.factors.passkeyLogIn}
      </Button>
      {error !== null && (
        <div className="mt-3">
          <Alert>{error}</Alert>
        </div>
      )}
    </>
  );
}

export function RegisterPage() {
  const signedIn = useSession((session) => session.state === "signedIn");
  const [asked, setAsked] = useState("");
  const { busy, error, submit, field } = useSubmit(async (data) => {
    const email = text(data, "email").trim();
    const next = await register({
      email,
      password: text(data, "password"),
      name: text(data, "name").trim(),
      tenantName: text(data, "tenantName").trim(),
    });
    if (next === "confirm") setAsked(email);
  });
  if (signedIn) return <Navigate to="/" replace />;
  if (asked) return <MailSent title={t.confirmSent} text={t.confirmSentText(asked)} />;
  return (
    <Frame title={t.registerTitle} intro={t.registerIntro}>
      <AuthForm submit={submit} busy={busy} error={error} action={t.register}>
        <AuthField label={t.name} error={field("name")} name="name" autoComplete="name" maxLength={120} autoFocus />
        <AuthField
          label={t.tenant}
          help={t.tenantHelp}
          error={field("tenantName")}
          name="tenantName"
          autoComplete="organization"
          maxLength={120}
        />
        <AuthField label={t.email} error={field("email")} {...EMAIL} />
        <AuthField label={t.password} error={field("password")} {...NEW_PASSWORD} />
      </AuthForm>
      <p className="mt-6 text-ink-2 text-sm">
        {t.haveAccount}{" "}
        <Link to="/login" className="font-medium text-accent underline-offset-2 hover:underline">
          {t.logIn}
        </Link>
      </p>
    </Frame>
  );
}
