import { type FormEvent, useState } from "react";
import { type Ranked, useSetTimeSaved } from "../../api/analytics";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { toast } from "../../ui/toasts";

const t = strings.analytics;
const MOST = 10_080;

/** The minutes of a text; null for none, undefined where it is no number of minutes. */
export function minutesIn(text: string): number | null | undefined {
  const said = text.trim();
  if (!said) return null;
  if (!/^\d{1,5}(\.\d{1,2})?$/.test(said)) return undefined;
  return Number(said) <= MOST ? Number(said) : undefined;
}

/** Asks how much of a person's time a run of a workflow saves. */
export function TimeSavedDialog({ of, onClose }: { of: Ranked; onClose(): void }) {
  const [text, setText] = useState(of.minutesPerRun === null ? "" : String(of.minutesPerRun));
  const [tried, setTried] = useState(false);
  const save = useSetTimeSaved();
  const minutes = minutesIn(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (minutes === undefined) return;
    save.mutate(
      { workflowId: of.workflowId, minutes },
      {
        onSuccess: onClose,
        onError: (error) => toast({ tone: "bad", title: t.savedFailed, detail: messageOf(error).title }),
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.savedTitle(of.workflowName ?? t.deletedWorkflow)}
      description={t.savedHelp}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form="time-saved" busy={save.isPending}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id="time-saved" noValidate onSubmit={submit}>
        <Field label={t.minutes} error={tried && minutes === undefined ? t.minutesWrong : undefined}>
          {(ids) => (
            <Input {...ids} inputMode="decimal" value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
