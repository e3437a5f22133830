import { type FormEvent, type FormEventHandler, type ReactNode, useEffect, useRef, useState } from "react";
import { ApiError } from "../api/problem";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Field, Input, type InputProps } from "../ui/Form";
import { Logo } from "../ui/Logo";
import { messageOf, sentences } from "../ui/message";
import { WeaveArt } from "./WeaveArt";

const t = strings.auth;

/** Runs the form's work and keeps what it failed with. */
export function useSubmit(work: (data: FormData) => Promise<void>) {
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

export const text = (data: FormData, name: string) => String(data.get(name) ?? "");

/** What is wrong with the whole form, and with none of its fields. */
function Wrong({ error }: { error: unknown }) {
  if (error === null || (error instanceof ApiError && error.fields.length > 0)) return null;
  const { title, detail } = messageOf(error);
  return <Alert>{sentences(title, detail)}</Alert>;
}

export function Alert({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
      {children}
    </div>
  );
}

interface AuthFormProps {
  submit: FormEventHandler<HTMLFormElement>;
  busy: boolean;
  /** What it failed with, where its fields do not say so. */
  error: unknown;
  /** What its button does. */
  action: string;
  children?: ReactNode;
}

/** Fields, what is wrong with all of them, and one button. */
export function AuthForm({ submit, busy, error, action, children }: AuthFormProps) {
  const form = useRef<HTMLFormElement>(null);
  // What must be mended is where one goes on writing.
  useEffect(() => {
    if (error !== null) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);
  return (
    <form ref={form} onSubmit={submit} className="space-y-4">
      <Wrong error={error} />
      {children}
      <Button variant="primary" type="submit" busy={busy} className="h-9 w-full">
        {action}
      </Button>
    </form>
  );
}

interface AuthFieldProps extends InputProps {
  label: string;
  help?: string;
  error?: string | undefined;
  aside?: ReactNode;
}

/** A field that has to be filled in. */
export function AuthField({ label, help, error, aside, ...input }: AuthFieldProps) {
  return (
    <Field label={label} help={help} error={error} aside={aside}>
      {(ids) => <Input {...ids} {...input} required className="h-9" />}
    </Field>
  );
}

/** The address that one logs in with. */
export const EMAIL = { name: "email", type: "email", autoComplete: "username" } as const;
/** The password that one has. */
export const PASSWORD = { name: "password", type: "password", autoComplete: "current-password" } as const;
/** A password that one chooses. */
export const NEW_PASSWORD = {
  name: "password",
  type: "password",
  autoComplete: "new-password",
  minLength: 10,
  help: t.passwordHelp,
} as const;

export function Frame({ title, intro, children }: { title: string; intro: string; children: ReactNode }) {
  return (
    <div className="grid min-h-full bg-surface lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]">
      <main className="flex flex-col px-6 py-8 sm:px-12">
        <div className="flex items-center gap-2.5">
          <Logo />
          <span className="font-semibold text-lg tracking-tight">{strings.common.product}</span>
        </div>
        <div className="mx-auto my-auto w-full max-w-sm py-10">
          <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
          {intro && <p className="mt-1 text-ink-2">{intro}</p>}
          <div className="mt-7">{children}</div>
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
