import { UserRoundPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useHandOverApproval } from "../api/queries";
import type { Approval } from "../api/types";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Field, Input } from "../ui/Form";
import { messageOf } from "../ui/message";
import { toast } from "../ui/toasts";

const t = strings.approvals;

/** Lets another member decide. */
export function HandOver({ approval }: { approval: Approval }) {
  const [open, setOpen] = useState(false);
  const [closed, setClosed] = useState(false);
  const [to, setTo] = useState("");
  const handing = useHandOverApproval(approval.id);
  const close = () => {
    setClosed(true);
    setOpen(false);
    handing.reset();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    handing.mutate({ to: to.trim() }, { onSuccess: () => toast({ tone: "ok", title: t.handedOver(to.trim()) }) });
  };
  if (!open) {
    return (
      <div className="border-line border-t pt-3">
        <Button
          variant="quiet"
          size="sm"
          icon={<UserRoundPlus size={15} />}
          onClick={() => setOpen(true)}
          autoFocus={closed}
          className="-ml-2"
        >
          {t.handOver}
        </Button>
      </div>
    );
  }
  const error = handing.error ? messageOf(handing.error) : null;
  return (
    <form onSubmit={submit} noValidate aria-label={t.handOver} className="space-y-2 border-line border-t pt-4">
      <Field label={t.handOverTo} help={t.handOverHelp} error={error && (error.detail || error.title)}>
        {(ids) => (
          <Input
            {...ids}
            autoFocus
            type="email"
            value={to}
            maxLength={320}
            placeholder="ada@example.com"
            onChange={(event) => setTo(event.target.value)}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button variant="quiet" onClick={close}>
          {strings.common.cancel}
        </Button>
        <Button type="submit" busy={handing.isPending} disabled={to.trim() === "" || handing.isPending}>
          {t.handOver}
        </Button>
      </div>
    </form>
  );
}
