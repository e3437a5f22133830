import { type FormEvent, useId, useState } from "react";
import { type Permission, type Role, useSaveRole } from "../../api/people";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";

const t = strings.people;

interface RoleDialogProps {
  /** The role to change; a new one without it. */
  role?: Role | undefined;
  /** What whoever looks may do themselves: nobody gives more. */
  mine: readonly Permission[];
  onClose(): void;
}

/** Says what a role of the workspace's own is called and allows. */
export function RoleDialog({ role, mine, onClose }: RoleDialogProps) {
  const [name, setName] = useState(role?.name ?? "");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(role?.permissions));
  const [wrong, setWrong] = useState("");
  const save = useSaveRole();
  const form = useId();
  const offered = Object.entries(t.permissions).filter(([id]) => mine.includes(id as Permission) || chosen.has(id));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setWrong("");
    const permissions = offered.map(([id]) => id).filter((id) => chosen.has(id)) as Permission[];
    try {
      await save.mutateAsync({ id: role?.id ?? null, body: { name: name.trim(), permissions } });
      toast({ tone: "ok", title: t.roleSaved, detail: name.trim() });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong(detail || title);
    }
  };
  const toggle = (id: string, on: boolean) =>
    setChosen((now) => {
      const next = new Set(now);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={role ? t.editRole(role.name) : t.roleTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={save.isPending}
            disabled={!name.trim() || chosen.size === 0}
          >
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)} className="space-y-3">
        <Field label={t.roleName} required error={wrong || undefined}>
          {(ids) => (
            <Input {...ids} value={name} maxLength={100} autoFocus onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <fieldset>
          <legend className="mb-2 font-medium text-xs">{t.may}</legend>
          <div className="grid gap-x-4 gap-y-2 sm:grid-cols-2">
            {offered.map(([id, label]) => (
              // biome-ignore lint/a11y/noLabelWithoutControl: the checkbox is a button within it
              <label key={id} className="flex items-center gap-2 text-sm">
                <Checkbox checked={chosen.has(id)} onChange={(on) => toggle(id, on)} label={label} />
                {label}
              </label>
            ))}
          </div>
        </fieldset>
      </form>
    </Dialog>
  );
}
