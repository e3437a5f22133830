import type { NodeType } from "../graph/catalogue";
import type { NodeSettings, OnError, RetryPolicy, WorkflowNode } from "../graph/document";
import { setSettings } from "../graph/reducers";
import { strings } from "../strings";
import { Field, Input, Textarea } from "../ui/Form";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { edit } from "./store";
import { ToolSettingsForm } from "./ToolSettingsForm";

const t = strings.settings;

const RETRY_FIELDS: {
  key: keyof RetryPolicy;
  label: string;
  min: number;
  max: number;
  initial: number;
  step?: number;
}[] = [
  { key: "maxAttempts", label: t.maxAttempts, min: 1, max: 10, initial: 3 },
  { key: "intervalSeconds", label: t.interval, min: 1, max: 3600, initial: 1 },
  { key: "backoffRate", label: t.backoff, min: 1, max: 10, initial: 2, step: 0.1 },
  { key: "maxDelaySeconds", label: t.maxDelay, min: 1, max: 86_400, initial: 60 },
];

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** What is set per node beside its parameters: failures, retries, time-out, notes. */
export function NodeSettingsForm({ node, entry }: { node: WorkflowNode; entry: NodeType | undefined }) {
  const { settings } = node;
  const change = (next: { [K in keyof NodeSettings]?: NodeSettings[K] | undefined }, key: string | null = null) =>
    edit((document) => setSettings(document, node.id, next), key && `settings ${node.id} ${key}`);
  const flag = (key: "disabled" | "alwaysOutput" | "executeOnce", label: string, help: string) => (
    <Toggle
      label={label}
      help={help}
      checked={settings[key] === true}
      onChange={(on) => change({ [key]: on || undefined })}
    />
  );
  const trigger = Boolean(entry?.trigger);
  const retries = settings.retry?.maxAttempts ?? 0;
  return (
    <div className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4">
      <ToolSettingsForm node={node} />
      {!trigger && (
        <>
          <Field label={t.onError} help={t.onErrorHelp}>
            {(ids) => (
              <Select
                {...ids}
                value={settings.onError ?? "stop"}
                onChange={(value) => change({ onError: value === "stop" ? undefined : (value as OnError) })}
                options={Object.entries(t.onErrorOptions).map(([value, label]) => ({ value, label }))}
              />
            )}
          </Field>
          <Toggle
            label={t.retry}
            help={t.retryHelp}
            checked={retries > 0}
            onChange={(on) => change({ retry: on ? { maxAttempts: 3 } : undefined })}
          />
          {retries > 0 && (
            <div className="grid grid-cols-2 gap-3 rounded-lg border border-line bg-surface-2 p-3">
              {RETRY_FIELDS.map((field) => (
                <Field key={field.key} label={field.label}>
                  {(ids) => (
                    <Input
                      {...ids}
                      type="number"
                      min={field.min}
                      max={field.max}
                      step={field.step ?? 1}
                      value={settings.retry?.[field.key] ?? field.initial}
                      onChange={(event) => {
                        const value = clamp(event.target.valueAsNumber || field.min, field.min, field.max);
                        change({ retry: { ...settings.retry, [field.key]: value } }, field.key);
                      }}
                    />
                  )}
                </Field>
              ))}
            </div>
          )}
          <Field label={t.timeout} help={t.timeoutHelp(entry?.timeoutSeconds ?? 60)}>
            {(ids) => (
              <Input
                {...ids}
                type="number"
                min={1}
                max={900}
                value={settings.timeoutSeconds ?? ""}
                onChange={(event) => {
                  const value = event.target.valueAsNumber;
                  change({ timeoutSeconds: Number.isNaN(value) ? undefined : clamp(value, 1, 900) }, "timeout");
                }}
              />
            )}
          </Field>
        </>
      )}
      {flag("disabled", t.disabled, t.disabledHelp)}
      {!trigger && flag("alwaysOutput", t.alwaysOutput, t.alwaysOutputHelp)}
      {!trigger && flag("executeOnce", t.executeOnce, t.executeOnceHelp)}
      <Field label={t.notes}>
        {(ids) => (
          <Textarea
            {...ids}
            value={settings.notes ?? ""}
            placeholder={t.notesPlaceholder}
            onChange={(event) => change({ notes: event.target.value || undefined }, "notes")}
          />
        )}
      </Field>
    </div>
  );
}

interface ToggleProps {
  label: string;
  help: string;
  checked: boolean;
  onChange(checked: boolean): void;
}

function Toggle({ label, help, checked, onChange }: ToggleProps) {
  return (
    <div className="flex items-start gap-3">
      <div className="min-w-0 flex-1">
        <div className="font-medium text-xs">{label}</div>
        <div className="text-ink-3 text-xs">{help}</div>
      </div>
      <Switch label={label} checked={checked} onChange={onChange} />
    </div>
  );
}
