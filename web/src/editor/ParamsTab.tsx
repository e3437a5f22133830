import { useEffect, useMemo, useRef } from "react";
import { useVariables } from "../api/variables";
import { InToolContext } from "../fields/FromAiButton";
import { NodeFormContext } from "../fields/options/nodeForm";
import { ParamsForm } from "../fields/ParamsForm";
import { PreviewContext } from "../fields/preview";
import { ScopeContext, scopeOf, withData, ZoneContext } from "../fields/scope";
import type { NodeType } from "../graph/catalogue";
import { chooseParam } from "../graph/choosing";
import type { WorkflowNode } from "../graph/document";
import { findNode } from "../graph/document";
import { setPortRows } from "../graph/reducers";
import { isInTool } from "../graph/tools";
import { byField } from "../graph/validate";
import { strings } from "../strings";
import { sentences } from "../ui/message";
import { AppUrl } from "./AppUrl";
import { ChatUrl } from "./ChatUrl";
import { CurlImport } from "./curl/CurlImport";
import { useCurlPaste } from "./curl/useCurlPaste";
import { inputOf, useFieldsOf, useGiven, usePreviewRequest } from "./data/where";
import { FormUrl } from "./FormUrl";
import { LeftRegistrations } from "./LeftRegistrations";
import { ListenPanel } from "./ListenPanel";
import { edit, useDocument, useEditor } from "./store";
import { TriggerStatus } from "./TriggerStatus";
import { UpgradeBar } from "./UpgradeBar";
import { WebhookUrl } from "./WebhookUrl";

/** The form of a node's parameters. */
export function ParamsTab({ node, entry }: { node: WorkflowNode; entry: NodeType | undefined }) {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const diagnostics = useEditor((state) => state.diagnostics);
  const focus = useEditor((state) => state.focusField);
  const box = useRef<HTMLDivElement>(null);
  const found = useMemo(() => byField(diagnostics, node.id), [diagnostics, node.id]);
  const [input] = inputOf(document, catalogue, node.id);
  const { items } = useGiven(input ? findNode(document, input.nodeId) : undefined, input?.port ?? "main");
  const load = useFieldsOf();
  const known = useVariables().data?.items;
  const scope = useMemo(() => {
    const variables =
      known?.map((one) => ({
        name: one.name,
        value: JSON.stringify(one.values.production ?? Object.values(one.values)[0]) ?? "",
      })) ?? [];
    const before = { ...scopeOf(document, catalogue, node.id), load, variables };
    return withData(
      before,
      items.map((item) => item.json),
    );
  }, [document, catalogue, node.id, items, load, known]);
  const preview = usePreviewRequest(node.id);
  const inTool = useMemo(() => isInTool(document, catalogue, node.id), [document, catalogue, node.id]);
  useEffect(() => {
    if (focus?.nodeId !== node.id || !focus.field) return;
    const field = box.current?.querySelector(`[data-field="${CSS.escape(focus.field)}"]`);
    field?.scrollIntoView({ block: "center" });
    field?.querySelector<HTMLElement>("input, textarea, button[role=combobox], .cm-content")?.focus();
  }, [focus, node.id]);
  const form = useMemo(
    () => entry && { type: node.type, version: node.version, schema: entry.paramsSchema, params: node.params },
    [entry, node.type, node.version, node.params],
  );
  const general = found.get("") ?? [];
  const pasted = useCurlPaste(node);
  return (
    <div ref={box} onPasteCapture={pasted} className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4">
      <UpgradeBar node={node} />
      {general.map((entry_) => (
        <p
          key={entry_.code + entry_.message}
          className={`rounded-md border px-3 py-2 text-xs ${entry_.severity === "error" ? "border-bad-line bg-bad-soft text-bad" : "border-warn-line bg-warn-soft text-warn"}`}
        >
          {sentences(entry_.message, entry_.remedy)}
        </p>
      ))}
      {entry?.trigger && <TriggerStatus key={`state ${node.id}`} node={node} />}
      {entry?.trigger === "app" && <LeftRegistrations key={`left ${node.id}`} nodeId={node.id} />}
      {entry?.trigger === "webhook" && <WebhookUrl node={node} />}
      {entry?.trigger === "form" && <FormUrl node={node} />}
      {entry?.listens?.fixed && <AppUrl key={`address ${node.id}`} node={node} />}
      {entry?.trigger === "chat" && <ChatUrl node={node} />}
      {node.type === "http_request" && <CurlImport key={`curl ${node.id}`} node={node} />}
      {entry && (entry.listens || entry.trigger === "webhook" || entry.trigger === "form") && (
        <ListenPanel key={`listen ${node.id}`} node={node} entry={entry} />
      )}
      {entry ? (
        <ScopeContext value={scope}>
          <ZoneContext value={String(node.params.timeZone || document.settings?.timeZone || "UTC")}>
            <PreviewContext value={preview}>
              <NodeFormContext value={form ?? null}>
                <InToolContext value={inTool}>
                  <ParamsForm
                    key={node.id}
                    schema={entry.paramsSchema}
                    params={node.params}
                    base="params"
                    diagnostics={found}
                    onChange={(name, value) => {
                      const own = entry.outputsFrom?.includes(name) ? entry.outputs.map((port) => port.name) : null;
                      edit(
                        (current) =>
                          own
                            ? setPortRows(current, node.id, name, value, own)
                            : chooseParam(current, entry, node.id, name, value),
                        // What is typed is one change; what is chosen is one each time.
                        isChosen(entry, name) ? undefined : `param ${node.id} ${name}`,
                      );
                    }}
                  />
                </InToolContext>
              </NodeFormContext>
            </PreviewContext>
          </ZoneContext>
        </ScopeContext>
      ) : (
        <p className="text-bad text-sm">{strings.editor.unknownType(node.type, node.version)}</p>
      )}
    </div>
  );
}

const isChosen = ({ paramsSchema }: NodeType, name: string): boolean =>
  paramsSchema.properties?.[name]?.["x-ui"]?.kind === "select";
