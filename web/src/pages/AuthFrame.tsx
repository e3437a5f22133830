import { type FormEvent, type ReactNode, useState } from "react";
import { ApiError } from "../api/problem";
import { strings } from "../strings";
import { Logo } from "../ui/Logo";
import { messageOf } from "../ui/message";
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
export function Wrong({ error }: { error: unknown }) {
  if (error === null || (error instanceof ApiError && error.fields.length > 0)) return null;
  const { title, detail } = messageOf(error);
  return <Alert>{[title, detail].filter(Boolean).join(". ")}</Alert>;
}

export function Alert({ children }: { children: ReactNode }) {
  return (
    <div role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
      {children}
    </div>
  );
}

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
