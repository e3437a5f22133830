import { type FormEvent, useId, useState } from "react";
import type { ColumnType } from "../../api/store";
import { ProjectField } from "../../fields/ProjectField";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";

const t = strings.store;

interface NameDialogProps {
  title: string;
  text?: string;
  label: string;
  action: string;
  name?: string;
  /** Asks for a type, too. */
  typed?: boolean;
  /** Asks for a project, too, where there are several. */
  placed?: boolean;
  onSave(name: string, type: ColumnType, projectId: string): Promise<unknown>;
  onClose(): void;
}

/** Asks for a name, and a column's type where there is one. Stays open with the reason when it is refused. */
export function NameDialog({ title, text, label, action, name = "", typed, placed, onSave, onClose }: NameDialogProps) {
  const [value, setValue] = useState(name);
  const [type, setType] = useState<ColumnType>("text");
  const [project, setProject] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState("");
  const form = useId();
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await onSave(value.trim(), type, project);
      onClose();
    } catch (error) {
      const { title: what, detail } = messageOf(error);
      setProblem(detail || what);
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
          <Button variant="primary" type="submit" form={form} busy={busy} disabled={!value.trim()}>
            {action}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void save(event)} className="space-y-3">
        <Field label={label} error={problem} required>
          {(ids) => <Input {...ids} value={value} maxLength={63} onChange={(event) => setValue(event.target.value)} />}
        </Field>
        {placed && <ProjectField permission="store.write" value={project} onChange={setProject} />}
        {typed && (
          <Field label={t.columnType}>
            {(ids) => (
              <Select
                {...ids}
                value={type}
                onChange={(next) => setType(next as ColumnType)}
                options={Object.entries(t.types).map(([key, said]) => ({ value: key, label: said }))}
              />
            )}
          </Field>
        )}
      </form>
    </Dialog>
  );
}
