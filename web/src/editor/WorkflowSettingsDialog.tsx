import { TimeZoneSelect } from "../fields/TimeZoneSelect";
import { WorkflowSelect } from "../fields/WorkflowSelect";
import type { WorkflowSettings } from "../graph/document";
import { setWorkflow } from "../graph/reducers";
import { RetentionForm } from "../pages/settings/RetentionForm";
import { strings } from "../strings";
import { Dialog } from "../ui/Dialog";
import { Field, Input, Textarea } from "../ui/Form";
import { Select } from "../ui/Select";
import { BudgetFields } from "./BudgetFields";
import { LeftRegistrations } from "./LeftRegistrations";
import { edit, useDocument, useEditor } from "./store";

const t = strings.settings;
const w = strings.workflowSelect;

/** What is set for the whole workflow. */
export function WorkflowSettingsDialog({ onClose }: { onClose(): void }) {
  const { settings = {}, description = "" } = useDocument();
  const workflowId = useEditor((state) => state.workflowId);
  const change = (next: WorkflowSettings, key: string) =>
    edit((document) => setWorkflow(document, { settings: { ...document.settings, ...next } }), `workflow ${key}`);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={strings.editor.settings}>
      <div className="space-y-4 pb-4">
        <LeftRegistrations />
        <Field label={t.description}>
          {(ids) => (
            <Textarea
              {...ids}
              value={description}
              onChange={(event) =>
                edit((document) => setWorkflow(document, { description: event.target.value }), "workflow description")
              }
            />
          )}
        </Field>
        <Field label={t.mode} help={t.modeHelp}>
          {(ids) => (
            <Select
              {...ids}
              value={settings.mode ?? "auto"}
              onChange={(mode) => change({ mode: mode as NonNullable<WorkflowSettings["mode"]> }, "mode")}
              options={Object.entries(t.modes).map(([value, label]) => ({ value, label }))}
            />
          )}
        </Field>
        <Field label={t.timeZone}>
          {(ids) => (
            <TimeZoneSelect
              ids={ids}
              value={settings.timeZone ?? "UTC"}
              emptyLabel={null}
              onChange={(timeZone) => change({ timeZone }, "timeZone")}
            />
          )}
        </Field>
        <Field label={t.workflowTimeout} help={t.workflowTimeoutHelp}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={1}
              value={settings.timeoutSeconds ?? ""}
              onChange={(event) => {
                const value = event.target.valueAsNumber;
                change({ timeoutSeconds: Number.isNaN(value) ? null : Math.max(1, Math.round(value)) }, "timeout");
              }}
            />
          )}
        </Field>
        <Field label={w.concurrency} help={w.concurrencyHelp}>
          {(ids) => (
            <Input
              {...ids}
              type="number"
              min={1}
              value={settings.concurrency ?? ""}
              onChange={(event) => {
                const value = event.target.valueAsNumber;
                change({ concurrency: Number.isNaN(value) ? null : Math.max(1, Math.round(value)) }, "concurrency");
              }}
            />
          )}
        </Field>
        <BudgetFields budget={settings.budget} onChange={(budget, key) => change({ budget }, `budget ${key}`)} />
        <Field label={w.errorWorkflow} help={w.errorWorkflowHelp}>
          {(ids) => (
            <WorkflowSelect
              ids={ids}
              value={settings.errorWorkflowId ?? ""}
              onChange={(id) => change({ errorWorkflowId: id || null }, "errorWorkflow")}
            />
          )}
        </Field>
        <section aria-label={strings.retention.title} className="border-line border-t pt-4">
          <h3 className="font-medium text-sm">{strings.retention.title}</h3>
          <p className="mt-0.5 mb-2 text-ink-3 text-xs">{strings.retention.text}</p>
          <RetentionForm workflowId={workflowId} mayChange />
        </section>
      </div>
    </Dialog>
  );
}
