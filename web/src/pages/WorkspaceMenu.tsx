import { Check, ChevronsUpDown, Plus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { createWorkspace, switchTo, useWorkspaces } from "../api/people";
import { useSession } from "../api/session";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field, Input } from "../ui/Form";
import { Menu, MenuItem } from "../ui/Menu";
import { messageOf } from "../ui/message";
import { sayFailed } from "../ui/toasts";

const t = strings.people;

/** The name of the workspace; a menu of the others, and of making one. */
export function WorkspaceMenu({ className }: { className?: string }) {
  const tenant = useSession((session) => session.tenant);
  const query = useWorkspaces();
  const [making, setMaking] = useState(false);
  const go = async (id: string) => {
    if (id === tenant?.id) return;
    try {
      await switchTo(id);
    } catch (error) {
      sayFailed(t.notSwitched, error);
    }
  };
  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={t.switchFrom(tenant?.name ?? "")}
            className={`flex max-w-full items-center gap-1 rounded-sm hover:text-ink ${className ?? ""}`}
          >
            <span className="truncate">{tenant?.name}</span>
            <ChevronsUpDown size={12} className="shrink-0" aria-hidden />
          </button>
        }
      >
        {(query.data ?? []).map((one) => (
          <MenuItem
            key={one.id}
            icon={one.id === tenant?.id ? <Check size={14} aria-label={t.current} /> : <span className="size-3.5" />}
            onSelect={() => void go(one.id)}
          >
            {one.name}
          </MenuItem>
        ))}
        <MenuItem icon={<Plus size={14} />} onSelect={() => setMaking(true)}>
          {t.newWorkspace}
        </MenuItem>
      </Menu>
      {making && <NewWorkspace onClose={() => setMaking(false)} />}
    </>
  );
}

function NewWorkspace({ onClose }: { onClose(): void }) {
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const form = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await createWorkspace(name.trim());
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong(detail || title);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.newWorkspace}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={busy} disabled={!name.trim()}>
            {t.create}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)}>
        <Field label={t.workspaceName} required error={wrong || undefined}>
          {(ids) => (
            <Input {...ids} value={name} maxLength={100} autoFocus onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
