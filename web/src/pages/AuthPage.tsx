import { type FormEvent, type ReactNode, useState } from "react";
import { Link, Navigate, useLocation } from "react-router";
import { ApiError } from "../api/problem";
import { logIn, register, useSession } from "../api/session";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Field, Input } from "../ui/Form";
import { Logo } from "../ui/Logo";
import { messageOf } from "../ui/message";
import { WeaveArt } from "./WeaveArt";

const t = strings.auth;

function useTarget(): string {
  const state: unknown = useLocation().state;
  const from = typeof state === "object" && state !== null ? (state as { from?: unknown }).from : undefined;
  return typeof from === "string" && from.startsWith("/") ? from : "/";
}

/** Runs the form's work and keeps what it failed with. */
function useSubmit(work: (data: FormData) => Promise<void>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    work(new FormData(event.currentTarget))
      .catch(setError)
      .finally(() => setBusy(false));
  };
  const field = (name: string) => (error instanceof ApiError ? error.messageFor(name) : undefined);
  return { busy, error, submit, field };
}

const text = (data: FormData, name: string) => String(data.get(name) ?? "");

export function LogInPage() {
  const target = useTarget();
  const signedIn = useSession((session) => session.state === "signedIn");
  const { busy, error, submit } = useSubmit((data) => logIn(text(data, "email").trim(), text(data, "password")));
  if (signedIn) return <Navigate to={target} replace />;
  const wrong = error instanceof ApiError && error.status === 401;
  return (
    <Frame title={t.logInTitle} intro={t.logInIntro}>
      <form onSubmit={submit} className="space-y-4">
        {error !== null && <Alert>{wrong ? t.wrong : `${messageOf(error).title}. ${messageOf(error).detail}`}</Alert>}
        <Field label={t.email}>
          {(ids) => (
            <Input {...ids} name="email" type="email" autoComplete="username" required autoFocus className="h-9" />
          )}
        </Field>
        <Field label={t.password}>
          {(ids) => (
            <Input {...ids} name="password" type="password" autoComplete="current-password" required className="h-9" />
          )}
        </Field>
        <Button variant="primary" type="submit" busy={busy} className="h-9 w-full">
          {t.logIn}
        </Button>
      </form>
      <p className="mt-6 text-ink-2 text-sm">
        {t.noAccount}{" "}
        <Link to="/register" className="font-medium text-accent underline-offset-2 hover:underline">
          {t.register}
        </Link>
      </p>
    </Frame>
  );
}

export function RegisterPage() {
  const signedIn = useSession((session) => session.state === "signedIn");
  const { busy, error, submit, field } = useSubmit((data) =>
    register({
      email: text(data, "email").trim(),
      password: text(data, "password"),
      name: text(data, "name").trim(),
      tenantName: text(data, "tenantName").trim(),
    }),
  );
  if (signedIn) return <Navigate to="/" replace />;
  const general = error !== null && !(error instanceof ApiError && error.fields.length > 0);
  return (
    <Frame title={t.registerTitle} intro={t.registerIntro}>
      <form onSubmit={submit} className="space-y-4">
        {general && <Alert>{`${messageOf(error).title}. ${messageOf(error).detail}`}</Alert>}
        <Field label={t.name} error={field("name")}>
          {(ids) => (
            <Input {...ids} name="name" autoComplete="name" required maxLength={120} autoFocus className="h-9" />
          )}
        </Field>
        <Field label={t.tenant} help={t.tenantHelp} error={field("tenantName")}>
          {(ids) => (
            <Input {...ids} name="tenantName" autoComplete="organization" required maxLength={120} className="h-9" />
          )}
        </Field>
        <Field label={t.email} error={field("email")}>
          {(ids) => <Input {...ids} name="email" type="email" autoComplete="username" required className="h-9" />}
        </Field>
        <Field label={t.password} help={t.passwordHelp} error={field("password")}>
          {(ids) => (
            <Input
              {...ids}
              name="password"
              type="password"
              autoComplete="new-password"
              required
              minLength={10}
              className="h-9"
            />
          )}
        </Field>
        <Button variant="primary" type="submit" busy={busy} className="h-9 w-full">
          {t.register}
        </Button>
      </form>
      <p className="mt-6 text-ink-2 text-sm">
        {t.haveAccount}{" "}
        <Link to="/login" className="font-medium text-accent underline-offset-2 hover:underline">
          {t.logIn}
        </Link>
      </p>
    </Frame>
  );
}

function Alert({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
      {children}
    </div>
  );
}

function Frame({ title, intro, children }: { title: string; intro: string; children: ReactNode }) {
  return (
    <div className="grid min-h-full bg-surface lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <main className="flex flex-col px-6 py-8 sm:px-12">
        <div className="flex items-center gap-2.5">
          <Logo />
          <span className="font-semibold text-lg tracking-tight">{strings.common.product}</span>
        </div>
        <div className="mx-auto my-auto w-full max-w-sm py-10">
          <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
          <p className="mt-1 mb-7 text-ink-2">{intro}</p>
          {children}
        </div>
      </main>
      <aside className="relative hidden overflow-hidden border-line border-l bg-[radial-gradient(var(--canvas-dot)_1.1px,transparent_1.1px)] bg-[length:20px_20px] bg-canvas lg:block">
        <WeaveArt />
        <div className="absolute inset-x-0 bottom-0 p-12">
          <p className="max-w-md text-balance font-semibold text-3xl leading-tight tracking-tight">{t.pitch}</p>
          <p className="mt-3 max-w-md text-ink-2">{t.pitchDetail}</p>
        </div>
      </aside>
    </div>
  );
}
