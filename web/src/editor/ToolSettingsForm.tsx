import { useId } from "react";
import type { ToolSettings, WorkflowNode } from "../graph/document";
import { setSettings } from "../graph/reducers";
import { agentOf } from "../graph/tools";
import { strings } from "../strings";
import { Field, Input, Textarea } from "../ui/Form";
import { Select } from "../ui/Select";
import { Switch } from "../ui/Switch";
import { edit, useDocument, useEditor } from "./store";

const t = strings.settings;
const HOUR = 3600;
const LONGEST_HOURS = 8760;
const WEEK_HOURS = 168;

/** What an agent's model is told of the tool that a node begins, and who allows its calls; nothing for other nodes. */
export function ToolSettingsForm({ node }: { node: WorkflowNode }) {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const agent = agentOf(document, catalogue, node.id);
  const title = useId();
  if (agent === null) return null;
  const tool = node.settings.tool ?? {};
  const change = (next: Partial<ToolSettings>, key: string | null = null) => {
    const kept = Object.entries({ ...tool, ...next }).filter(([, value]) => value !== undefined && value !== "");
    const settings = { tool: kept.length > 0 ? (Object.fromEntries(kept) as ToolSettings) : undefined };
    edit((current) => setSettings(current, node.id, settings), key && `settings ${node.id} tool ${key}`);
  };
  return (
    <section aria-labelledby={title} className="space-y-3 rounded-lg border border-line bg-surface-2 p-3">
      <h3 id={title} className="font-medium text-sm">
        {t.tool(agent)}
      </h3>
      <Field label={t.toolDescription} help={t.toolDescriptionHelp}>
        {(ids) => (
          <Textarea
            {...ids}
            value={tool.description ?? ""}
            maxLength={4000}
            placeholder={t.toolDescriptionPlaceholder}
            onChange={(event) => change({ description: event.target.value }, "description")}
          />
        )}
      </Field>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <div className="font-medium text-xs">{t.toolApproval}</div>
          <div className="text-ink-3 text-xs">{t.toolApprovalHelp}</div>
        </div>
        <Switch
          label={t.toolApproval}
          checked={tool.approval === true}
          onChange={(on) => change({ approval: on || undefined } as Partial<ToolSettings>)}
        />
      </div>
      {tool.approval && (
        <>
          <Field label={t.toolApprovers} help={t.toolApproversHelp}>
            {(ids) => (
              <Input
                {...ids}
                value={tool.approvers ?? ""}
                maxLength={5000}
                placeholder="ada@example.com"
                onChange={(event) => change({ approvers: event.target.value }, "approvers")}
              />
            )}
          </Field>
          <Field label={t.toolHours}>
            {(ids) => (
              <Input
                {...ids}
                type="number"
                min={1}
                max={LONGEST_HOURS}
                value={Math.round((tool.approvalSeconds ?? WEEK_HOURS * HOUR) / HOUR)}
                onChange={(event) => {
                  const hours = Math.min(LONGEST_HOURS, Math.max(1, event.target.valueAsNumber || 1));
                  change({ approvalSeconds: hours * HOUR }, "hours");
                }}
              />
            )}
          </Field>
        </>
      )}
      <Field label={t.toolOnError}>
        {(ids) => (
          <Select
            {...ids}
            value={tool.onError ?? "tell"}
            onChange={(value) => change({ onError: value === "stop" ? "stop" : undefined } as Partial<ToolSettings>)}
            options={Object.entries(t.toolOnErrorOptions).map(([value, label]) => ({ value, label }))}
          />
        )}
      </Field>
    </section>
  );
}
