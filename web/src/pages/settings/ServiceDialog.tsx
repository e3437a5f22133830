import { type FormEvent, useId, useState } from "react";
import { type ServiceRole, useCreateServiceAccount } from "../../api/apiKeys";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";

const t = strings.keys;
const ROLES: ServiceRole[] = ["viewer", "operator", "editor", "admin"];

/** Makes a service account. */
export function ServiceDialog({ onClose }: { onClose(): void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<ServiceRole>("editor");
  const [wrong, setWrong] = useState("");
  const create = useCreateServiceAccount();
  const form = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await create.mutateAsync({ name: name.trim(), role });
      onClose();
    } catch (error) {
      setWrong(messageOf(error).detail || messageOf(error).title);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.addService}
      description={t.servicesText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={create.isPending} disabled={!name.trim()}>
            {t.createService}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void save(event)} className="space-y-3">
        <Field label={t.name} required error={wrong}>
          {(ids) => (
            <Input
              {...ids}
              value={name}
              maxLength={100}
              placeholder={t.nameHint}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t.role}>
          {(ids) => (
            <Select
              {...ids}
              value={role}
              onChange={(value) => setRole(value as ServiceRole)}
              options={ROLES.map((one) => ({ value: one, label: strings.account.roles[one] ?? one }))}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
