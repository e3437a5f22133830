import { type FormEvent, useId, useState } from "react";
import { useMe } from "../../api/account";
import { type Rule, useSaveRule } from "../../api/alerts";
import { useProjects } from "../../api/projects";
import { useWorkflows } from "../../api/queries";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { messageOf } from "../../ui/message";
import { Select } from "../../ui/Select";
import { Switch } from "../../ui/Switch";
import { toast } from "../../ui/toasts";
import { bodyOf, type Draft, draftOf, type Kind, NUMBERS, numbersOf } from "./ruleForm";
import { Targets } from "./Targets";

const t = strings.alerts;
const KINDS = Object.entries(t.kinds).map(([value, label]) => ({ value, label }));
const LABELS: Record<string, string> = {
  count: t.count,
  minutes: t.minutes,
  percent: t.percent,
  atLeast: t.atLeast,
  seconds: t.seconds,
  days: t.days,
};

/** Makes a rule or changes one. */
export function RuleDialog({ rule, onClose }: { rule?: Rule; onClose(): void }) {
  const me = useMe().data;
  const [changed, setChanged] = useState<Draft>();
  const draft = changed ?? draftOf(rule, me?.user.id ?? "");
  const set = (more: Partial<Draft>) => setChanged({ ...draft, ...more });
  const [wrong, setWrong] = useState("");
  const save = useSaveRule();
  const form = useId();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await save.mutateAsync({ ...(rule ? { id: rule.id } : {}), body: bodyOf(draft) });
      toast({ tone: "ok", title: t.saved, detail: t.savedText });
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
      title={rule ? t.editTitle(rule.name) : t.addTitle}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" type="submit" form={form} busy={save.isPending} disabled={!draft.name.trim()}>
            {strings.common.save}
          </Button>
        </>
      }
    >
      <form id={form} noValidate onSubmit={(event) => void submit(event)} className="space-y-3">
        <Field label={t.name} required>
          {(ids) => (
            <Input
              {...ids}
              value={draft.name}
              maxLength={100}
              autoComplete="off"
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </Field>
        <Field label={t.kind}>
          {(ids) => (
            <Select
              {...ids}
              value={draft.kind}
              options={KINDS}
              onChange={(kind) => set({ kind: kind as Kind, numbers: numbersOf(kind as Kind) })}
            />
          )}
        </Field>
        <div className="grid gap-3 empty:hidden sm:grid-cols-2">
          {Object.keys(NUMBERS[draft.kind]).map((name) => (
            <Field key={name} label={draft.kind === "no_success" ? t.noSuccessMinutes : (LABELS[name] ?? name)}>
              {(ids) => (
                <Input
                  {...ids}
                  inputMode="numeric"
                  value={draft.numbers[name] ?? ""}
                  onChange={(event) => set({ numbers: { ...draft.numbers, [name]: event.target.value } })}
                />
              )}
            </Field>
          ))}
        </div>
        <Where draft={draft} onChange={(place) => set({ place })} />
        {(draft.kind === "failure" || draft.kind === "failures") && (
          <Field label={t.byFault} help={t.byFaultHelp}>
            {(ids) => (
              <Switch
                id={ids.id}
                aria-describedby={ids["aria-describedby"]}
                checked={draft.byFault}
                onChange={(byFault) => set({ byFault })}
              />
            )}
          </Field>
        )}
        <Targets targets={draft.targets} onChange={(targets) => set({ targets })} />
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={t.throttle}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="numeric"
                value={draft.throttle}
                onChange={(event) => set({ throttle: event.target.value })}
              />
            )}
          </Field>
          <Field label={t.remind}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="numeric"
                value={draft.remind}
                onChange={(event) => set({ remind: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Field label={t.enabled}>
          {(ids) => <Switch id={ids.id} checked={draft.enabled} onChange={(enabled) => set({ enabled })} />}
        </Field>
        {wrong && (
          <p role="alert" className="wrap-anywhere text-bad text-sm">
            {wrong}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function Where({ draft, onChange }: { draft: Draft; onChange(place: string): void }) {
  const projects = useProjects().data ?? [];
  const workflows = useWorkflows("").data?.pages.flatMap((page) => page.items) ?? [];
  const options = [
    { value: "", label: t.everywhere },
    ...projects.map(({ id, name }) => ({ value: `project:${id}`, label: name })),
    ...(draft.kind === "credential" ? [] : workflows.map(({ id, name }) => ({ value: `workflow:${id}`, label: name }))),
  ];
  return (
    <Field label={t.where} help={t.whereHelp}>
      {(ids) => <Select {...ids} value={draft.place} options={options} onChange={onChange} />}
    </Field>
  );
}
