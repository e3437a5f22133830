import { type FormEvent, useId, useState } from "react";
import { type Environment, PRODUCTION, useChangeEnvironment, useCreateEnvironment } from "../../api/environments";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { keyOf } from "./environmentKey";

const t = strings.environments;
const KEY = /^[a-z][a-z0-9-]{0,31}$/;

interface EnvironmentDialogProps {
  /** What is changed; a new one without it. */
  environment?: Environment;
  onClose(): void;
}

/** Makes an environment or changes one. */
export function EnvironmentDialog({ environment, onClose }: EnvironmentDialogProps) {
  const [name, setName] = useState(environment?.name ?? "");
  const [typed, setTyped] = useState<string>();
  const [fallsBack, setFallsBack] = useState(environment?.fallsBack ?? false);
  const [needsApproval, setNeedsApproval] = useState(environment?.needsApproval ?? false);
  const [wrong, setWrong] = useState<{ name?: string; key?: string }>({});
  const create = useCreateEnvironment();
  const change = useChangeEnvironment();
  const form = useId();
  const key = environment?.key ?? typed ?? keyOf(name);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!KEY.test(key) || key === "test") return setWrong({ key: t.wrongKey });
    try {
      const body = { key, name: name.trim(), fallsBack, needsApproval };
      await (environment ? change : create).mutateAsync(body);
      toast({ tone: "ok", title: t.saved, detail: t.savedText });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong({ name: detail || title });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={environment ? t.editTitle(environment.name) : t.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={create.isPending || change.isPending}
            disabled={!name.trim()}
          >
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)} className="space-y-3">
        <Field label={t.name} required error={wrong.name}>
          {(ids) => (
            <Input
              {...ids}
              value={name}
              maxLength={40}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {!environment && (
          <Field label={t.key} required help={t.keyHelp} error={wrong.key}>
            {(ids) => (
              <Input
                {...ids}
                value={key}
                maxLength={32}
                autoComplete="off"
                spellCheck={false}
                className="font-mono"
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        )}
        {key !== PRODUCTION && (
          <Field label={t.fallsBack} help={t.fallsBackHelp}>
            {(ids) => (
              <Switch
                id={ids.id}
                aria-describedby={ids["aria-describedby"]}
                checked={fallsBack}
                onChange={setFallsBack}
              />
            )}
          </Field>
        )}
        <Field label={strings.releases.needsApproval} help={strings.releases.needsApprovalHelp}>
          {(ids) => (
            <Switch
              id={ids.id}
              aria-describedby={ids["aria-describedby"]}
              checked={needsApproval}
              onChange={setNeedsApproval}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
