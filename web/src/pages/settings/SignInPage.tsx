import { type FormEvent, useState } from "react";
import { ApiError } from "../../api/problem";
import {
  type SignIn,
  type SignInBody,
  useProveDomains,
  useRemoveSignIn,
  useSaveSignIn,
  useSignIn,
} from "../../api/signIn";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { CopyButton } from "../../ui/CopyButton";
import { Field, Input } from "../../ui/Form";
import { Select } from "../../ui/Select";
import { Failed, LoadingRows } from "../../ui/States";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { PolicyCard } from "../factors/PolicyCard";
import { wordsOf } from "../factors/ProofForm";
import { CardsFrame } from "../PageFrame";
import { Card } from "./Card";

const t = strings.signIn;
const ROLES = ["viewer", "operator", "editor", "admin"] as const;

/** `/settings/sign-in`: what the workspace asks of who logs in, and its identity provider. */
export function SignInPage() {
  const query = useSignIn();
  return (
    <CardsFrame title={t.title} intro={t.card} back={{ to: "/settings", label: t.back }}>
      <Card title={strings.factors.policyTitle}>
        <PolicyCard />
      </Card>
      <Card title={t.provider}>
        <p className="text-ink-2 text-sm">{t.providerIntro}</p>
        {query.isPending && <LoadingRows rows={4} />}
        {query.isError && <Failed error={query.error} onRetry={() => void query.refetch()} />}
        {query.isSuccess && <ProviderForm key={query.data.provider?.issuer ?? ""} {...query.data} />}
      </Card>
      {query.data?.provider && <Domains stored={query.data.provider} />}
    </CardsFrame>
  );
}

function ProviderForm({ provider: stored, redirectUrl }: { provider: SignIn | null; redirectUrl: string }) {
  const save = useSaveSignIn();
  const remove = useRemoveSignIn();
  const [removing, setRemoving] = useState(false);
  const [role, setRole] = useState<SignInBody["defaultRole"]>(
    (stored?.defaultRole as SignInBody["defaultRole"]) ?? "viewer",
  );
  const [makesMembers, setMakesMembers] = useState(stored?.makesMembers ?? true);
  const [onlyWay, setOnlyWay] = useState(stored?.onlyWay ?? false);
  const field = (name: string) => (save.error instanceof ApiError ? save.error.messageFor(name) : undefined);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const body: SignInBody = {
      name: text("name"),
      issuer: text("issuer"),
      clientId: text("clientId"),
      clientSecret: text("clientSecret") || null,
      domains: text("domains")
        .split(/[\s,;]+/)
        .filter(Boolean),
      defaultRole: role,
      makesMembers,
      onlyWay,
    };
    save.mutate(body, {
      onSuccess: () => toast({ tone: "ok", title: t.saved }),
      onError: (error) => {
        if (!(error instanceof ApiError) || error.fields.length === 0) toast({ tone: "bad", title: wordsOf(error) });
      },
    });
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <div>
        <p className="mb-1 font-medium text-xs">{t.redirect}</p>
        <Copied text={redirectUrl} label={strings.common.copy} />
        <p className="mt-1 text-ink-3 text-xs">{t.redirectHelp}</p>
      </div>
      <TextField name="name" label={t.name} help={t.nameHelp} value={stored?.name} error={field("name")} />
      <TextField name="issuer" label={t.issuer} help={t.issuerHelp} value={stored?.issuer} error={field("issuer")} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField name="clientId" label={t.clientId} value={stored?.clientId} error={field("clientId")} />
        <TextField
          name="clientSecret"
          label={t.secret}
          help={stored ? t.secretKept : undefined}
          error={field("clientSecret")}
          secret
          optional={stored !== null}
        />
      </div>
      <TextField
        name="domains"
        label={t.domains}
        help={t.domainsHelp}
        value={stored?.domains.join(", ")}
        error={
          save.error instanceof ApiError
            ? save.error.fields.find((one) => one.field.startsWith("domains"))?.message
            : undefined
        }
      />
      <Field label={t.role} error={field("defaultRole")}>
        {(ids) => (
          <Select
            {...ids}
            value={role ?? "viewer"}
            onChange={(value) => setRole(value as SignInBody["defaultRole"])}
            options={ROLES.map((value) => ({ value, label: strings.account.roles[value] ?? value }))}
          />
        )}
      </Field>
      <Toggle id="makes-members" label={t.makesMembers} checked={makesMembers} onChange={setMakesMembers} />
      <Toggle id="only-way" label={t.onlyWay} help={t.onlyWayHelp} checked={onlyWay} onChange={setOnlyWay} />
      <div className="flex justify-end gap-2">
        {stored && (
          <Button variant="danger" onClick={() => setRemoving(true)}>
            {t.remove}
          </Button>
        )}
        <Button variant="primary" type="submit" busy={save.isPending}>
          {t.save}
        </Button>
      </div>
      {removing && (
        <ConfirmDialog
          title={t.removeTitle}
          text={t.removeText}
          action={t.remove}
          failed={t.removeFailed}
          onConfirm={() => remove.mutateAsync()}
          onClose={() => setRemoving(false)}
        />
      )}
    </form>
  );
}

interface TextFieldProps {
  name: string;
  label: string;
  help?: string | undefined;
  value?: string | undefined;
  error?: string | undefined;
  secret?: boolean;
  optional?: boolean;
}

function TextField({ name, label, help, value, error, secret = false, optional = false }: TextFieldProps) {
  return (
    <Field label={label} help={help} error={error}>
      {(ids) => (
        <Input
          {...ids}
          name={name}
          defaultValue={value ?? ""}
          required={!optional}
          maxLength={500}
          type={secret ? "password" : "text"}
          autoComplete="off"
        />
      )}
    </Field>
  );
}

interface ToggleProps {
  id: string;
  label: string;
  help?: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

function Toggle({ id, label, help, checked, onChange }: ToggleProps) {
  return (
    <div className="flex items-center gap-4">
      <div className="min-w-0 flex-1">
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {help && (
          <p id={`${id}-note`} className="text-ink-3 text-xs">
            {help}
          </p>
        )}
      </div>
      <Switch id={id} checked={checked} onChange={onChange} aria-describedby={help ? `${id}-note` : undefined} />
    </div>
  );
}

function Domains({ stored }: { stored: SignIn }) {
  const prove = useProveDomains();
  const look = () =>
    prove.mutate(undefined, {
      onSuccess: () => toast({ tone: "ok", title: t.checked }),
      onError: (error) => toast({ tone: "bad", title: wordsOf(error) }),
    });
  return (
    <Card
      title={t.proof}
      aside={
        <Button busy={prove.isPending} onClick={look}>
          {t.check}
        </Button>
      }
    >
      <p className="text-ink-2 text-sm">{t.proofText(stored.recordName)}</p>
      <Copied text={stored.record} label={strings.common.copy} />
      <ul className="divide-y divide-line rounded-lg border border-line">
        {stored.domains.map((domain) => {
          const proven = stored.proven.includes(domain);
          return (
            <li key={domain} className="flex items-center gap-3 px-3 py-2 text-sm">
              <span className="wrap-anywhere min-w-0 flex-1">{domain}</span>
              <span className={proven ? "text-ok text-xs" : "text-ink-3 text-xs"}>
                {proven ? t.proven : t.notProven}
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Copied({ text, label }: { text: string; label: string }) {
  return (
    <div className="flex items-center gap-2 rounded-md border border-line bg-surface-2 py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 break-all font-mono text-xs">{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}
