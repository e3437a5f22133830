import { LogOut, Monitor, Smartphone, X } from "lucide-react";
import { type FormEvent, useState } from "react";
import { endOtherSessions, endSessions, useChangeEmail, useEndSession, useSessions } from "../../api/account";
import { ApiError } from "../../api/problem";
import type { components } from "../../api/schema";
import { useSession } from "../../api/session";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { ago, day } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { FactorsPanel } from "../factors/FactorsPanel";
import { IdentityRow } from "../factors/IdentityRow";
import { CardsFrame } from "../PageFrame";
import { Card } from "./Card";
import { PasswordForm } from "./PasswordForm";

const t = strings.account;
type LoginSession = components["schemas"]["LoginSessionResponse"];

/** `/settings/security`: the password, the address one logs in with, and the sessions. */
export function SecurityPage() {
  return (
    <CardsFrame title={t.security} intro={t.securityIntro} back={{ to: "/settings", label: t.securityBack }}>
      <Card title={t.password}>
        <PasswordForm />
      </Card>
      <Card title={strings.factors.card}>
        <p className="text-ink-2 text-sm">{strings.factors.cardText}</p>
        <FactorsPanel />
        <IdentityRow />
      </Card>
      <Card title={t.email}>
        <EmailForm />
      </Card>
      <Sessions />
    </CardsFrame>
  );
}

/** Another address: it counts once the link that is mailed there was followed. */
function EmailForm() {
  const now = useSession((session) => session.user?.email ?? "");
  const change = useChangeEmail();
  const [asked, setAsked] = useState("");
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const email = String(data.get("email") ?? "").trim();
    try {
      await change.mutateAsync({ email, password: String(data.get("password") ?? "") });
      form.reset();
      setAsked(email);
    } catch {
      setAsked("");
    }
  };
  const field = (name: string) => (change.error instanceof ApiError ? change.error.messageFor(name) : undefined);
  const other = change.isError && !field("email") && !field("password") ? messageOf(change.error) : undefined;
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-3">
      <p className="wrap-anywhere text-ink-2 text-sm">{t.emailNow(now)}</p>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={t.emailNew} error={field("email")}>
          {(ids) => <Input {...ids} name="email" type="email" autoComplete="email" required />}
        </Field>
        <Field label={t.emailPassword} error={field("password")}>
          {(ids) => <Input {...ids} name="password" type="password" autoComplete="current-password" required />}
        </Field>
      </div>
      {other && (
        <p role="alert" className="text-bad text-sm">
          {sentences(other.title, other.detail)}
        </p>
      )}
      {asked && (
        <p role="status" className="wrap-anywhere text-ink-2 text-sm">
          <strong className="font-medium text-ink">{t.emailAsked}.</strong> {t.emailAskedText(asked)}
        </p>
      )}
      <Button type="submit" busy={change.isPending}>
        {t.emailChange}
      </Button>
    </form>
  );
}

function Sessions() {
  const query = useSessions();
  const [ending, setEnding] = useState<"others" | "all">();
  const others = query.data?.some((session) => !session.current) ?? false;
  return (
    <Card
      title={t.sessions}
      aside={
        <div className="flex flex-wrap justify-end gap-2">
          {others && <Button onClick={() => setEnding("others")}>{t.endOthers}</Button>}
          <Button variant="danger" icon={<LogOut size={14} />} onClick={() => setEnding("all")}>
            {t.endSessions}
          </Button>
        </div>
      }
    >
      {query.isPending && <LoadingRows rows={2} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {query.data.map((session) => (
            <SessionRow key={session.id} session={session} />
          ))}
        </ul>
      )}
      {ending && (
        <ConfirmDialog
          title={ending === "all" ? t.endTitle : t.endOthersTitle}
          text={ending === "all" ? t.sessionsText : t.endOthersText}
          action={ending === "all" ? t.endSessions : t.endOthers}
          failed={t.endFailed}
          onConfirm={async () => {
            if (ending === "all") return endSessions();
            await endOtherSessions();
            toast({ tone: "ok", title: t.endOthersDone });
            await query.refetch();
          }}
          onClose={() => setEnding(undefined)}
        />
      )}
    </Card>
  );
}

function SessionRow({ session }: { session: LoginSession }) {
  const end = useEndSession();
  const Icon = session.device ? Smartphone : Monitor;
  const name = session.browser ? t.sessionOn(session.browser, session.device || session.system) : t.sessionUnknown;
  const finish = async () => {
    try {
      await end.mutateAsync(session.id);
      toast({ tone: "ok", title: t.sessionEnded });
    } catch (error) {
      toast({ tone: "bad", title: t.endFailed, detail: messageOf(error).detail });
    }
  };
  return (
    <li className="flex items-center gap-3 px-3 py-2.5">
      <Icon size={18} className="shrink-0 text-ink-3" aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 font-medium text-sm">
          <span className="truncate">{name}</span>
          {session.current && (
            <span className="rounded-full bg-ok-soft px-1.5 font-medium text-ok text-xs">{t.sessionHere}</span>
          )}
        </div>
        <div className="wrap-anywhere text-ink-3 text-xs">
          {[session.address, session.workspace, t.sessionUsed(ago(session.usedAt))].filter(Boolean).join(" · ")}
        </div>
        <div className="text-ink-3 text-xs">{t.sessionBegan(ago(session.createdAt), day(session.expiresAt))}</div>
      </div>
      {!session.current && (
        <IconButton label={`${t.sessionEnd}: ${name}`} onClick={() => void finish()} disabled={end.isPending}>
          <X size={15} />
        </IconButton>
      )}
    </li>
  );
}
