import { type FormEvent, useId, useState } from "react";
import { type Given, type Role, useInvite } from "../../api/people";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { toast } from "../../ui/toasts";

const t = strings.people;

/** A role as a choice has it: its name, or the id of one of the workspace's own. */
export const choiceOf = (role: { role: string; id?: string | null }) => role.id ?? role.role;

/** The role of a choice. */
export const givenOf = (value: string, roles: readonly Role[]): Given => {
  const own = roles.find((one) => one.id !== null && one.id === value);
  return own ? { role: "custom", roleId: own.id } : { role: value as Given["role"], roleId: null };
};

export const labelOf = (role: { role: string; name?: string | null }) =>
  role.role === "custom" ? (role.name ?? t.names.custom ?? "") : (t.names[role.role] ?? role.role);

/** Asks somebody by mail to become a member. */
export function InviteDialog({ roles, onClose }: { roles: readonly Role[]; onClose(): void }) {
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("editor");
  const [wrong, setWrong] = useState("");
  const invite = useInvite();
  const form = useId();
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setWrong("");
    try {
      await invite.mutateAsync({ email: email.trim(), ...givenOf(role, roles) });
      toast({ tone: "ok", title: t.sent, detail: email.trim() });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong(detail || title);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.inviteTitle}
      description={t.inviteIntro}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={invite.isPending} disabled={!email.trim()}>
            {t.send}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void send(event)} className="space-y-3">
        <Field label={t.email} required error={wrong || undefined}>
          {(ids) => (
            <Input
              {...ids}
              type="email"
              value={email}
              maxLength={254}
              autoComplete="off"
              autoFocus
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        <Field label={t.role} help={t.meaning[role]}>
          {(ids) => (
            <Select
              {...ids}
              value={role}
              onChange={setRole}
              options={roles.map((one) => ({ value: choiceOf(one), label: labelOf(one) }))}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
