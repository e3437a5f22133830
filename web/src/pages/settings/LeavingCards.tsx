import { Download, Trash2, Undo2 } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { deleteMe, exportMe, useCancelDeletion, useDeletion, useRequestDeletion } from "../../api/leaving";
import { ApiError } from "../../api/problem";
import { useSession } from "../../api/session";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Failed, Skeleton } from "../../ui/States";
import { dateTime } from "../../ui/time";
import { toast } from "../../ui/toasts";
import { download } from "../workflows/files";

const t = strings.leaving;

/** Takes one's data along, and deletes the account. */
export function MyData() {
  const [busy, setBusy] = useState(false);
  const [asks, setAsks] = useState(false);
  const save = async () => {
    setBusy(true);
    try {
      download({ name: "my-data.json", text: await exportMe() });
    } catch (error) {
      toast({ tone: "bad", title: t.notExported, detail: messageOf(error).title });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Line text={t.exportText}>
        <Button icon={<Download size={14} />} busy={busy} onClick={() => void save()}>
          {t.export}
        </Button>
      </Line>
      <Line text={t.deleteText}>
        <Button variant="danger" icon={<Trash2 size={14} />} onClick={() => setAsks(true)}>
          {t.delete}
        </Button>
      </Line>
      {asks && (
        <TypedDialog
          title={t.deleteTitle}
          text={t.deleteText}
          label={t.password}
          field="password"
          secret
          action={t.delete}
          onConfirm={deleteMe}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}

/** Deletes the workspace, or keeps one that is to go. For its owner. */
export function WorkspaceDeletion() {
  const query = useDeletion();
  const tenant = useSession((session) => session.tenant);
  const request = useRequestDeletion();
  const cancel = useCancelDeletion();
  const [asks, setAsks] = useState(false);
  const keep = async () => {
    try {
      await cancel.mutateAsync();
      toast({ tone: "ok", title: t.kept });
    } catch (error) {
      toast({ tone: "bad", title: t.notKept, detail: messageOf(error).title });
    }
  };
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (query.isPending) return <Skeleton className="h-8" />;
  if (query.data) {
    return (
      <div role="status" className="rounded-lg border border-bad-line bg-bad-soft p-3">
        <Line text={t.willGo(dateTime(query.data))}>
          <Button icon={<Undo2 size={14} />} busy={cancel.isPending} onClick={() => void keep()}>
            {t.keep}
          </Button>
        </Line>
      </div>
    );
  }
  return (
    <>
      <Line text={t.workspaceText}>
        <Button variant="danger" icon={<Trash2 size={14} />} onClick={() => setAsks(true)}>
          {t.deleteWorkspace}
        </Button>
      </Line>
      <p className="text-ink-3 text-xs">
        {t.takeAlong} <code className="wrap-anywhere">stepweave export workspace.zip</code>
      </p>
      {asks && tenant && (
        <TypedDialog
          title={t.deleteWorkspaceTitle(tenant.name)}
          text={t.workspaceText}
          label={t.name}
          field="name"
          action={t.deleteWorkspace}
          onConfirm={(name) => request.mutateAsync(name)}
          onClose={() => setAsks(false)}
        />
      )}
    </>
  );
}

function Line({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-2 sm:flex-row sm:items-center sm:gap-4">
      <p className="flex-1 text-ink-2 text-sm">{text}</p>
      <div className="shrink-0">{children}</div>
    </div>
  );
}

interface TypedDialogProps {
  title: string;
  text: string;
  label: string;
  /** What the API calls the field, to show what is wrong with it. */
  field: string;
  secret?: boolean;
  action: string;
  onConfirm(typed: string): Promise<unknown>;
  onClose(): void;
}

/** Asks for something that only who means it types. */
function TypedDialog({ title, text, label, field, secret = false, action, onConfirm, onClose }: TypedDialogProps) {
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const form = useId();
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      await onConfirm(typed);
      onClose();
    } catch (error) {
      const { title: what, detail } = messageOf(error);
      setWrong((error instanceof ApiError && error.messageFor(field)) || detail || what);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={title}
      description={text}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="danger" type="submit" form={form} busy={busy} disabled={!typed}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void confirm(event)}>
        <Field label={label} required error={wrong}>
          {(ids) => (
            <Input
              {...ids}
              type={secret ? "password" : "text"}
              autoComplete={secret ? "current-password" : "off"}
              value={typed}
              maxLength={200}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
