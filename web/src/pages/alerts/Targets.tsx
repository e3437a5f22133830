import { X } from "lucide-react";
import { useMembers } from "../../api/account";
import type { Target } from "../../api/alerts";
import { useWorkflows } from "../../api/queries";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Field, Input } from "../../ui/Form";
import { Select } from "../../ui/Select";

const t = strings.alerts;
const MOST = 5;
const FRESH: Record<Target["kind"], Target> = {
  mail: { kind: "mail", userIds: [] },
  slack: { kind: "slack", url: "" },
  webhook: { kind: "webhook", url: "", secret: "" },
  workflow: { kind: "workflow", workflowId: "" },
};

/** Whom a rule tells. */
export function Targets({ targets, onChange }: { targets: Target[]; onChange(targets: Target[]): void }) {
  const put = (index: number, next: Target) => onChange(targets.map((one, at) => (at === index ? next : one)));
  return (
    <fieldset className="space-y-2">
      <legend className="mb-1 font-medium text-ink text-xs">{t.targets}</legend>
      {targets.length === 0 && <p className="text-ink-3 text-xs">{t.noTargets}</p>}
      {targets.map((target, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: new targets have no id yet, and nothing moves.
        <div key={index} className="rounded-lg border border-line p-3">
          <div className="mb-1 flex items-center gap-2">
            <span className="flex-1 font-medium text-xs">{t.targetKinds[target.kind]}</span>
            <IconButton
              small
              label={t.removeTarget(t.targetKinds[target.kind] ?? "")}
              onClick={() => onChange(targets.filter((_, at) => at !== index))}
            >
              <X size={14} aria-hidden />
            </IconButton>
          </div>
          <Fields target={target} onChange={(next) => put(index, next)} />
        </div>
      ))}
      {targets.length < MOST && (
        <div className="flex flex-wrap gap-2">
          {Object.entries(FRESH).map(([kind, fresh]) => (
            <Button key={kind} size="sm" onClick={() => onChange([...targets, fresh])}>
              {t.addTarget} {t.targetKinds[kind]}
            </Button>
          ))}
        </div>
      )}
    </fieldset>
  );
}

function Fields({ target, onChange }: { target: Target; onChange(target: Target): void }) {
  if (target.kind === "mail")
    return <People ids={target.userIds} onChange={(userIds) => onChange({ ...target, userIds })} />;
  if (target.kind === "workflow") {
    return <Workflow id={target.workflowId} onChange={(workflowId) => onChange({ ...target, workflowId })} />;
  }
  const isKept = Boolean(target.id);
  return (
    <>
      <Field label={target.kind === "slack" ? t.slackUrl : t.url} required={!isKept} help={isKept ? t.kept : undefined}>
        {(ids) => (
          <Input
            {...ids}
            value={target.url ?? ""}
            autoComplete="off"
            placeholder={target.kind === "slack" ? "https://hooks.slack.com/services/…" : "https://…"}
            onChange={(event) => onChange({ ...target, url: event.target.value })}
          />
        )}
      </Field>
      {target.kind === "webhook" && (
        <Field label={t.secret} required={!isKept} help={isKept ? t.kept : t.secretHelp}>
          {(ids) => (
            <Input
              {...ids}
              type="password"
              value={target.secret ?? ""}
              autoComplete="new-password"
              onChange={(event) => onChange({ ...target, secret: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function People({ ids, onChange }: { ids: readonly string[]; onChange(ids: string[]): void }) {
  const members = (useMembers().data ?? []).filter(({ email }) => email);
  return (
    <ul aria-label={t.people} className="max-h-40 space-y-1 overflow-y-auto">
      {members.map(({ id, name, email }) => (
        <li key={id} className="flex items-center gap-2 text-sm">
          <Checkbox
            label={name}
            checked={ids.includes(id)}
            onChange={(on) => onChange(on ? [...ids, id] : ids.filter((one) => one !== id))}
          />
          <span className="min-w-0 truncate">
            {name} <span className="text-ink-3 text-xs">{email}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

function Workflow({ id, onChange }: { id: string; onChange(id: string): void }) {
  const workflows = useWorkflows("").data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Field label={t.calledWorkflow} required>
      {(ids) => (
        <Select
          {...ids}
          value={id}
          options={workflows.map(({ id: value, name }) => ({ value, label: name }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
