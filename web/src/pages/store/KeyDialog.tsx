import { type FormEvent, useId, useState } from "react";
import { type Entry, useSetEntry } from "../../api/store";
import { ProjectField } from "../../fields/ProjectField";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input, Textarea } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { readText } from "./cells";

const t = strings.store;

interface KeyDialogProps {
  store?: string;
  /** The project of the store; without one it is asked for, where there are several. */
  projectId?: string | undefined;
  /** What is changed; a new key without one. */
  entry?: Entry;
  onClose(): void;
}

/** Sets the value of a key, new or not. */
export function KeyDialog({ store = "default", projectId, entry, onClose }: KeyDialogProps) {
  const [values, setValues] = useState({
    store,
    key: entry?.key ?? "",
    text: entry ? JSON.stringify(entry.value, null, 2) : "",
    ttl: "",
  });
  const [project, setProject] = useState(projectId ?? "");
  const [problem, setProblem] = useState("");
  const set = useSetEntry();
  const form = useId();
  const change = (part: Partial<typeof values>) => setValues((before) => ({ ...before, ...part }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const read = readText(values.text, "json");
    if ("problem" in read) return setProblem(read.problem);
    const ttl = values.ttl.trim() ? Number(values.ttl) : null;
    try {
      await set.mutateAsync({
        store: values.store.trim(),
        projectId: project,
        key: values.key,
        value: read.value,
        ttl,
      });
      onClose();
    } catch (error) {
      const { title, detail } = messageOf(error);
      setProblem(detail || title);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={entry ? t.edit(entry.key) : t.setKey}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={set.isPending} disabled={!values.key}>
            {t.save}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void save(event)} className="space-y-3">
        {!entry && !projectId && <ProjectField permission="store.write" value={project} onChange={setProject} />}
        {!entry && (
          <>
            <Field label={t.store} required>
              {(ids) => (
                <Input
                  {...ids}
                  value={values.store}
                  maxLength={63}
                  onChange={(e) => change({ store: e.target.value })}
                />
              )}
            </Field>
            <Field label={t.key} required>
              {(ids) => (
                <Input {...ids} value={values.key} maxLength={512} onChange={(e) => change({ key: e.target.value })} />
              )}
            </Field>
          </>
        )}
        <Field label={t.value} error={problem}>
          {(ids) => (
            <Textarea
              {...ids}
              rows={6}
              spellCheck={false}
              className="font-mono text-xs"
              value={values.text}
              onChange={(e) => change({ text: e.target.value })}
            />
          )}
        </Field>
        <Field label={t.ttl} help={t.ttlHelp}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={1}
              value={values.ttl}
              onChange={(e) => change({ ttl: e.target.value })}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
