import { ChevronRight, LogOut, Route } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useState } from "react";
import { Link } from "react-router";
import { endSessions, useMe, useMembers, useRenameMe, useRenameTenant } from "../../api/account";
import { ApiError } from "../../api/problem";
import { useSession } from "../../api/session";
import { useStartTour } from "../../editor/tour/useStartTour";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Failed, LoadingRows, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { ThemeSwitch } from "../AppShell";
import { BudgetCard } from "./BudgetCard";
import { PasswordForm } from "./PasswordForm";

const t = strings.account;

/** `/settings`: who one is, the workspace and its people, how the app looks, the sessions. */
export function SettingsPage() {
  const me = useMe();
  const tour = useStartTour();
  const [ending, setEnding] = useState(false);
  const { user, tenant } = useSession();
  const renameMe = useRenameMe();
  const renameTenant = useRenameTenant();
  const role = me.data?.role;
  const mayRename = role === "owner" || role === "admin";
  return (
    <div className="mx-auto w-full max-w-2xl px-4 py-6 sm:px-8 sm:py-9">
      <h1 className="mb-5 font-semibold text-xl tracking-tight">{t.title}</h1>
      {me.isError && <Failed error={me.error} onRetry={() => void me.refetch()} />}
      <div className="space-y-5">
        <Card title={t.profile}>
          {user && (
            <NameForm
              label={t.name}
              value={user.name}
              saved={t.nameSaved}
              save={(name) => renameMe.mutateAsync(name)}
            />
          )}
          <Field label={t.email} help={t.emailHelp}>
            {(ids) => <Input {...ids} value={user?.email ?? ""} disabled readOnly />}
          </Field>
        </Card>
        <Card title={t.workspace}>
          {me.isPending && <Skeleton className="h-8" />}
          {tenant && me.isSuccess && (
            <NameForm
              label={t.workspaceName}
              value={tenant.name}
              saved={t.workspaceSaved}
              disabled={!mayRename}
              help={mayRename ? t.workspaceHelp(tenant.slug) : t.workspaceOnly}
              save={(name) => renameTenant.mutateAsync(name)}
            />
          )}
          <Members />
        </Card>
        <Card title={strings.spending.title}>
          <BudgetCard mayChange={mayRename} />
        </Card>
        <Card
          title={strings.apis.title}
          aside={
            <Link
              to="/settings/apis"
              className="inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline"
            >
              {strings.apis.open}
              <ChevronRight size={14} aria-hidden />
            </Link>
          }
        >
          <p className="text-ink-2 text-sm">{strings.apis.card}</p>
        </Card>
        <Card
          title={strings.prices.title}
          aside={
            <Link
              to="/settings/prices"
              className="inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline"
            >
              {strings.prices.open}
              <ChevronRight size={14} aria-hidden />
            </Link>
          }
        >
          <p className="text-ink-2 text-sm">{strings.prices.card}</p>
        </Card>
        <Card title={t.password}>
          <PasswordForm />
        </Card>
        <Card title={t.look} aside={<ThemeSwitch />}>
          <p className="text-ink-2 text-sm">{t.lookText}</p>
        </Card>
        <Card
          title={t.tour}
          aside={
            <Button icon={<Route size={14} />} busy={tour.busy} onClick={tour.start}>
              {strings.tour.start}
            </Button>
          }
        >
          <p className="text-ink-2 text-sm">{t.tourText}</p>
        </Card>
        <Card
          title={t.sessions}
          aside={
            <Button variant="danger" icon={<LogOut size={14} />} onClick={() => setEnding(true)}>
              {t.endSessions}
            </Button>
          }
        >
          <p className="text-ink-2 text-sm">{t.sessionsText}</p>
        </Card>
      </div>
      {ending && (
        <ConfirmDialog
          title={t.endTitle}
          text={t.sessionsText}
          action={t.endSessions}
          failed={t.endFailed}
          onConfirm={endSessions}
          onClose={() => setEnding(false)}
        />
      )}
    </div>
  );
}

function Card({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section aria-label={title} className="rounded-xl border border-line bg-surface p-4 shadow-xs sm:p-5">
      <div className="mb-2 flex min-h-8 items-center gap-3">
        <h2 className="flex-1 font-semibold text-base">{title}</h2>
        {aside}
      </div>
      <div className="space-y-3">{children}</div>
    </section>
  );
}

interface NameFormProps {
  label: string;
  value: string;
  saved: string;
  help?: string;
  disabled?: boolean;
  save(name: string): Promise<unknown>;
}

/** A name that can be changed; the button appears once it is another. */
function NameForm({ label, value, saved, help, disabled = false, save }: NameFormProps) {
  const [name, setName] = useState(value);
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  useEffect(() => setName(value), [value]);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      await save(name.trim());
      toast({ tone: "ok", title: saved });
    } catch (error) {
      const { title, detail } = messageOf(error);
      const field = error instanceof ApiError ? error.messageFor("name") : undefined;
      setWrong(field ?? [title, detail].filter(Boolean).join(". "));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Field label={label} help={help} error={wrong}>
        {(ids) => (
          <div className="flex gap-2">
            <Input
              {...ids}
              value={name}
              maxLength={100}
              disabled={disabled}
              onChange={(event) => setName(event.target.value)}
            />
            {name.trim() !== value && (
              <Button type="submit" variant="primary" busy={busy} disabled={!name.trim()}>
                {strings.common.save}
              </Button>
            )}
          </div>
        )}
      </Field>
    </form>
  );
}

function Members() {
  const query = useMembers();
  const me = useSession((session) => session.user?.id);
  return (
    <div>
      <h3 className="mb-1 font-medium text-xs">{t.members}</h3>
      {query.isPending && <LoadingRows rows={1} />}
      {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data && (
        <ul className="divide-y divide-line rounded-lg border border-line">
          {query.data.map((member) => (
            <li key={member.id} className="flex items-center gap-3 px-3 py-2">
              <div className="min-w-0 flex-1">
                <div className="truncate font-medium text-sm">
                  {member.name}
                  {member.id === me && <span className="font-normal text-ink-3">{` (${t.you})`}</span>}
                </div>
                <div className="truncate text-ink-3 text-xs">{member.email}</div>
              </div>
              <span className="text-ink-2 text-xs">{t.roles[member.role] ?? member.role}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
