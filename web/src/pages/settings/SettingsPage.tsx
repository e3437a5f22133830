import { ChevronRight, Route } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { Link } from "react-router";
import { useMe, useRenameMe, useRenameTenant } from "../../api/account";
import { ApiError } from "../../api/problem";
import { useSession } from "../../api/session";
import { useStartTour } from "../../editor/tour/useStartTour";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Failed, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { ThemeSwitch } from "../AppShell";
import { ApiKeysLink } from "./ApiKeysPage";
import { AuditLink } from "./AuditPage";
import { BudgetCard } from "./BudgetCard";
import { Card } from "./Card";
import { MyData, WorkspaceDeletion } from "./LeavingCards";
import { ProjectsLink } from "./ProjectsPage";
import { UsageLink } from "./UsagePage";

const t = strings.account;

/** `/settings`: who one is, the workspace and its people, how the app looks. */
export function SettingsPage() {
  const me = useMe();
  const tour = useStartTour();
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
        </Card>
        <Card
          title={strings.people.title}
          aside={
            <Link
              to="/settings/members"
              className="inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline"
            >
              {strings.people.open}
              <ChevronRight size={14} aria-hidden />
            </Link>
          }
        >
          <p className="text-ink-2 text-sm">{strings.people.card}</p>
        </Card>
        <Card title={strings.projects.title} aside={<ProjectsLink />}>
          <p className="text-ink-2 text-sm">{strings.projects.card}</p>
        </Card>
        <Card title={strings.plan.title} aside={<UsageLink />}>
          <p className="text-ink-2 text-sm">{strings.plan.card}</p>
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
        <Card title={strings.keys.title} aside={<ApiKeysLink />}>
          <p className="text-ink-2 text-sm">{strings.keys.card}</p>
        </Card>
        {mayRename && (
          <Card title={strings.audit.title} aside={<AuditLink />}>
            <p className="text-ink-2 text-sm">{strings.audit.card}</p>
          </Card>
        )}
        <Card
          title={t.security}
          aside={
            <Link
              to="/settings/security"
              className="inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline"
            >
              {t.securityOpen}
              <ChevronRight size={14} aria-hidden />
            </Link>
          }
        >
          <p className="text-ink-2 text-sm">{t.securityText}</p>
        </Card>
        {mayRename && (
          <Card
            title={strings.signIn.title}
            aside={
              <Link
                to="/settings/sign-in"
                className="inline-flex items-center gap-1 font-medium text-accent text-sm hover:underline"
              >
                {strings.signIn.open}
                <ChevronRight size={14} aria-hidden />
              </Link>
            }
          >
            <p className="text-ink-2 text-sm">{strings.signIn.card}</p>
          </Card>
        )}
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
        <Card title={strings.leaving.title}>
          <MyData />
        </Card>
        {role === "owner" && (
          <Card title={strings.leaving.workspace}>
            <WorkspaceDeletion />
          </Card>
        )}
      </div>
    </div>
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
