import { type FormEvent, useId, useState } from "react";
import {
  type ApiKey,
  type ApiKeyMade,
  type ApiKeyRequest,
  type ServiceAccount,
  useCreateApiKey,
  useRotateApiKey,
} from "../../api/apiKeys";
import { ApiError } from "../../api/problem";
import { useProjects } from "../../api/projects";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";
import { Field, Input, Textarea } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";

const t = strings.keys;
const DAYS = [7, 30, 90, 180, 365];
const HOURS = [0, 1, 24, 168];

interface KeyDialogProps {
  services: readonly ServiceAccount[];
  onMade(made: ApiKeyMade): void;
  onClose(): void;
}

/** Makes a key. What it may do is chosen one by one: nothing is given without a thought. */
export function KeyDialog({ services, onMade, onClose }: KeyDialogProps) {
  const [name, setName] = useState("");
  const [owner, setOwner] = useState("");
  const [days, setDays] = useState("90");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(["workflows.read"]));
  const [addresses, setAddresses] = useState("");
  const [within, setWithin] = useState<ReadonlySet<string>>(new Set());
  const projects = useProjects().data ?? [];
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const create = useCreateApiKey();
  const form = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setWrong({});
    try {
      const made = await create.mutateAsync({
        name: name.trim(),
        permissions: [...chosen] as ApiKeyRequest["permissions"],
        expiresInDays: Number(days),
        addresses: addresses.split(/[\s,]+/).filter(Boolean),
        serviceAccountId: owner || null,
        projectIds: within.size > 0 ? [...within] : null,
      });
      onMade(made);
    } catch (error) {
      const found = error instanceof ApiError ? error : undefined;
      const fields = ["name", "permissions", "addresses", "projectIds"].map((field) => [
        field,
        // A list's row is told by its number: `addresses.0`.
        found?.fields.find((one) => one.field.split(".")[0] === field)?.message ?? "",
      ]);
      const told = fields.filter(([, message]) => message);
      if (told.length > 0) setWrong(Object.fromEntries(told));
      else toast({ tone: "bad", title: t.notMade, detail: messageOf(error).detail || messageOf(error).title });
    }
  };
  const give = (permission: string) => (on: boolean) =>
    setChosen((before) => new Set(on ? [...before, permission] : [...before].filter((one) => one !== permission)));
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={create.isPending}
            disabled={!name.trim() || chosen.size === 0}
          >
            {t.create}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void save(event)} className="space-y-3">
        <div className="grid gap-3 sm:grid-cols-3">
          <Field label={t.name} required error={wrong.name}>
            {(ids) => (
              <Input
                {...ids}
                value={name}
                maxLength={100}
                placeholder={t.nameHint}
                autoComplete="off"
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Field label={t.owner}>
            {(ids) => (
              <Select
                {...ids}
                value={owner}
                onChange={setOwner}
                options={[{ value: "", label: t.you }, ...services.map((one) => ({ value: one.id, label: one.name }))]}
              />
            )}
          </Field>
          <Field label={t.days}>
            {(ids) => (
              <Select
                {...ids}
                value={days}
                onChange={setDays}
                options={DAYS.map((one) => ({ value: String(one), label: t.daysOf(one) }))}
              />
            )}
          </Field>
        </div>
        <fieldset>
          <legend className="font-medium text-xs">{t.permissions}</legend>
          <p className="mb-2 text-ink-3 text-xs">{t.permissionsHelp}</p>
          <div className="grid gap-x-3 gap-y-1.5 sm:grid-cols-2">
            {Object.entries(t.labels).map(([permission, label]) => (
              <Permission key={permission} label={label} on={chosen.has(permission)} give={give(permission)} />
            ))}
          </div>
          {wrong.permissions && (
            <p role="alert" className="mt-1 text-bad text-xs">
              {wrong.permissions}
            </p>
          )}
        </fieldset>
        {projects.length > 1 && (
          <fieldset>
            <legend className="font-medium text-xs">{strings.projects.ofKey}</legend>
            <p className="mb-2 text-ink-3 text-xs">{strings.projects.ofKeyHelp}</p>
            <div className="grid gap-x-3 gap-y-1.5 sm:grid-cols-2">
              {projects.map(({ id, name: label }) => (
                <Permission
                  key={id}
                  label={label}
                  on={within.has(id)}
                  give={(on) =>
                    setWithin((before) => new Set(on ? [...before, id] : [...before].filter((one) => one !== id)))
                  }
                />
              ))}
            </div>
            {wrong.projectIds && (
              <p role="alert" className="mt-1 text-bad text-xs">
                {wrong.projectIds}
              </p>
            )}
          </fieldset>
        )}
        <Field label={t.addresses} help={t.addressesHelp} error={wrong.addresses}>
          {(ids) => (
            <Textarea
              {...ids}
              rows={2}
              value={addresses}
              spellCheck={false}
              onChange={(event) => setAddresses(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function Permission({ label, on, give }: { label: string; on: boolean; give(on: boolean): void }) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <Checkbox id={id} checked={on} onChange={give} />
      <label htmlFor={id} className="text-sm">
        {label}
      </label>
    </div>
  );
}

/** Shows a new key, once. */
export function MadeDialog({ made, onClose }: { made: ApiKeyMade; onClose(): void }) {
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={(open) => !open && onClose()}
      title={t.madeTitle}
      description={t.madeText}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t.done}
        </Button>
      }
    >
      <div className="flex items-center gap-2 rounded-lg border border-line bg-surface-2 py-2 pr-2 pl-3">
        <code data-testid="new-key" className="wrap-anywhere min-w-0 flex-1 text-sm">
          {made.text}
        </code>
        <CopyButton text={made.text} label={t.copy} />
      </div>
      <p className="mt-3 mb-1 text-ink-3 text-xs">{t.use}</p>
      <code className="wrap-anywhere text-ink-2 text-xs">{`Authorization: Bearer ${made.key.hint}`}</code>
    </Dialog>
  );
}

interface RotateDialogProps {
  one: ApiKey;
  onMade(made: ApiKeyMade): void;
  onClose(): void;
}

export function RotateDialog({ one, onMade, onClose }: RotateDialogProps) {
  const [hours, setHours] = useState("24");
  const rotate = useRotateApiKey();
  const form = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      onMade(await rotate.mutateAsync({ id: one.id, overlapHours: Number(hours) }));
    } catch (error) {
      toast({ tone: "bad", title: t.notRotated, detail: messageOf(error).detail || messageOf(error).title });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.rotateTitle(one.name)}
      description={t.rotateText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={rotate.isPending}>
            {t.rotateAction}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void save(event)}>
        <Field label={t.overlap}>
          {(ids) => (
            <Select
              {...ids}
              value={hours}
              onChange={setHours}
              options={HOURS.map((one) => ({ value: String(one), label: t.overlaps[one] ?? "" }))}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
