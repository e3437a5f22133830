import { type FormEvent, useState } from "react";
import { type Days, previewRetention, type Retention, useRetention, useSetRetention } from "../../api/retention";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Field, Input } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { Failed, LoadingRows } from "../../ui/States";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";

const t = strings.retention;
const MOST = 3650;

interface Props {
  /** Whose executions; null for those of the workspace. */
  workflowId: string | null;
  mayChange: boolean;
}

/** How long executions are kept. Asks before it deletes any. */
export function RetentionForm({ workflowId, mayChange }: Props) {
  const query = useRetention(workflowId);
  if (query.isPending) return <LoadingRows rows={1} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  return <DaysForm key={JSON.stringify(query.data)} said={query.data} workflowId={workflowId} mayChange={mayChange} />;
}

/** The number of days of a text; null for none, undefined where it is no such number. */
export function daysIn(text: string): number | null | undefined {
  const said = text.trim();
  if (!said) return null;
  return /^\d{1,4}$/.test(said) && Number(said) <= MOST ? Number(said) : undefined;
}

function DaysForm({ said, workflowId, mayChange }: Props & { said: Retention }) {
  const [own, setOwn] = useState(said.own);
  const [texts, setTexts] = useState([said.succeededDays, said.failedDays].map((days) => days?.toString() ?? ""));
  const [wrong, setWrong] = useState<(string | undefined)[]>([]);
  const [asked, setAsked] = useState<{ days: Days; count: number; more: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const save = useSetRetention(workflowId);
  const days = texts.map(daysIn);
  const changed = own !== said.own || (own && (days[0] !== said.succeededDays || days[1] !== said.failedDays));
  const store = async (wanted: Days) => {
    await save.mutateAsync(wanted);
    toast({ tone: "ok", title: t.saved });
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const [succeededDays, failedDays] = days;
    if (own && (succeededDays === undefined || failedDays === undefined)) {
      setWrong(days.map((one) => (one === undefined ? t.wrong : undefined)));
      return;
    }
    const wanted = {
      own,
      succeededDays: own ? (succeededDays ?? null) : null,
      failedDays: own ? (failedDays ?? null) : null,
    };
    setWrong([]);
    setBusy(true);
    try {
      const most = said.mostDays;
      const beyond = (one: number | null) => one !== null && most !== null && one > most;
      const { executions, more } =
        beyond(wanted.succeededDays) || beyond(wanted.failedDays)
          ? { executions: 0, more: false } // refused by name when it is saved
          : await previewRetention(workflowId, wanted);
      if (executions > 0) setAsked({ days: wanted, count: executions, more });
      else await store(wanted);
    } catch (error) {
      const { title, detail } = messageOf(error);
      setWrong([sentences(title, detail)]);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form onSubmit={(event) => void submit(event)} className="space-y-2" noValidate aria-label={t.title}>
        {workflowId !== null && (
          <div className="flex items-center gap-3">
            <div className="flex-1 font-medium text-xs">{t.own}</div>
            <Switch label={t.own} checked={own} onChange={setOwn} />
          </div>
        )}
        {own ? (
          <div className="grid gap-3 sm:grid-cols-2">
            {[t.succeeded, t.failed].map((label, place) => (
              <Field key={label} label={label} error={wrong[place]}>
                {(ids) => (
                  <Input
                    {...ids}
                    inputMode="numeric"
                    value={texts[place] ?? ""}
                    disabled={!mayChange}
                    onChange={(event) =>
                      setTexts(texts.map((text, index) => (index === place ? event.target.value : text)))
                    }
                  />
                )}
              </Field>
            ))}
          </div>
        ) : (
          <p className="text-ink-2 text-sm">
            {t.asWorkspace(said.workspace.succeededDays, said.workspace.failedDays, said.mostDays)}
          </p>
        )}
        <div className="flex min-h-8 items-center gap-3">
          <p className="flex-1 text-ink-3 text-xs">
            {mayChange ? own && t.help(said.mostDays) : strings.spending.ownersOnly}
          </p>
          {changed && (
            <Button type="submit" variant="primary" busy={busy || save.isPending}>
              {strings.common.save}
            </Button>
          )}
        </div>
      </form>
      {asked && (
        <ConfirmDialog
          title={t.confirm(asked.count, asked.more)}
          text={t.confirmText}
          action={t.action}
          failed={t.failedToSave}
          onConfirm={() => store(asked.days)}
          onClose={() => setAsked(null)}
        />
      )}
    </>
  );
}
