import { Route } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { useMe, useRenameMe, useRenameTenant } from "../../api/account";
import { ApiError } from "../../api/problem";
import { useSession } from "../../api/session";
import { useStartTour } from "../../editor/tour/useStartTour";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { Failed, Skeleton } from "../../ui/States";
import { toast } from "../../ui/toasts";
import { ThemeSwitch } from "../AppShell";
import { CardsFrame } from "../PageFrame";
import { BudgetCard } from "./BudgetCard";
import { Card } from "./Card";
import { MyData, WorkspaceDeletion } from "./LeavingCards";
import { Places } from "./Places";
import { RetentionForm } from "./RetentionForm";

const t = strings.account;

/** `/settings`: who one is, the workspace and its people, how the app looks. */
export function SettingsPage() {
  const tour = useStartTour();
  const { user } = useSession();
  const rename = useRenameMe();
  const role = useMe().data?.role;
  return (
    <CardsFrame title={t.title}>
      <Card title={t.profile}>
        {user && (
          <NameForm label={t.name} value={user.name} saved={t.nameSaved} save={(name) => rename.mutateAsync(name)} />
        )}
        <Field label={t.email} help={t.emailHelp}>
          {(ids) => <Input {...ids} value={user?.email ?? ""} disabled readOnly />}
        </Field>
        <Places
          places={[
            { to: "/settings/security", title: t.security, text: t.securityText },
            { to: "/settings/keys", title: strings.keys.title, text: strings.keys.card },
          ]}
        />
      </Card>
      <Workspace />
      <Card title={strings.spending.title}>
        <BudgetCard mayChange={isAdmin(role)} />
      </Card>
      <Card title={strings.retention.title}>
        <p className="text-ink-2 text-sm">{strings.retention.text}</p>
        <RetentionForm workflowId={null} mayChange={isAdmin(role)} />
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
      <Card title={strings.leaving.title}>
        <MyData />
      </Card>
      {role === "owner" && (
        <Card title={strings.leaving.workspace}>
          <WorkspaceDeletion />
        </Card>
      )}
    </CardsFrame>
  );
}

/** The workspace's name, and what belongs to it. */
function Workspace() {
  const me = useMe();
  const { tenant } = useSession();
  const rename = useRenameTenant();
  const mayRename = isAdmin(me.data?.role);
  return (
    <Card title={t.workspace}>
      {me.isPending && <NameSkeleton />}
      {me.isError && <Failed error={me.error} onRetry={() => void me.refetch()} />}
      {tenant && me.isSuccess && (
        <NameForm
          label={t.workspaceName}
          value={tenant.name}
          saved={t.workspaceSaved}
          disabled={!mayRename}
          help={mayRename ? t.workspaceHelp(tenant.slug) : t.workspaceOnly}
          save={(name) => rename.mutateAsync(name)}
        />
      )}
      <Places
        places={[
          { to: "/settings/members", title: strings.people.title, text: strings.people.card },
          { to: "/settings/projects", title: strings.projects.title, text: strings.projects.card },
          { to: "/settings/environments", title: strings.environments.title, text: strings.environments.card },
          { to: "/settings/variables", title: strings.variables.title, text: strings.variables.card },
          { to: "/settings/usage", title: strings.plan.title, text: strings.plan.card },
          { to: "/settings/prices", title: strings.prices.title, text: strings.prices.card },
          { to: "/settings/apis", title: strings.apis.title, text: strings.apis.card },
          ...(mayRename
            ? [
                { to: "/settings/sign-in", title: strings.signIn.title, text: strings.signIn.card },
                { to: "/settings/audit", title: strings.audit.title, text: strings.audit.card },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

const isAdmin = (role: string | undefined) => role === "owner" || role === "admin";

/** As high as a name that can be changed, so that nothing jumps. */
function NameSkeleton() {
  return (
    <div role="status" aria-label={strings.common.loading} className="space-y-1">
      <Skeleton className="h-6 w-20" />
      <Skeleton className="h-8" />
      <Skeleton className="h-4 w-3/4" />
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
      setWrong(field ?? sentences(title, detail));
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
