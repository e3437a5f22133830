import { type FormEvent, useState } from "react";
import type { WorkflowVersion } from "../../api/types";
import { useDescribeVersion } from "../../api/versions";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { useEditor } from "../store";
import { SaidFields } from "./SaidFields";

const t = strings.versions;

/** Changes the name and the note of a version. Only what was changed here is sent: what others say meanwhile stays. */
export function DescribeDialog({ version, onClose }: { version: WorkflowVersion; onClose(): void }) {
  const id = useEditor((state) => state.workflowId);
  const describe = useDescribeVersion(id);
  const [before] = useState({ name: version.name, note: version.note });
  const [said, setSaid] = useState(before);
  const [failed, setFailed] = useState("");
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const changed = {
      ...(said.name !== before.name && { name: said.name.trim() }),
      ...(said.note !== before.note && { note: said.note.trim() }),
    };
    try {
      if (Object.keys(changed).length > 0) {
        await describe.mutateAsync({ number: version.number, ...changed });
        toast({ tone: "ok", title: t.described(version.number) });
      }
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setFailed([t.notDescribed, detail || title].join(": "));
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.describeTitle(version.number)}
      description={t.describeText}
    >
      <form onSubmit={(event) => void submit(event)} className="space-y-3 pb-3">
        {failed && (
          <p role="alert" className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-sm">
            {failed}
          </p>
        )}
        <SaidFields said={said} onChange={setSaid} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="submit" variant="primary" busy={describe.isPending}>
            {strings.common.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
