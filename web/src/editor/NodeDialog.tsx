import { Play, X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { type ReactNode, useContext, useState } from "react";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { leaveToCompletion } from "../ui/Dialog";
import { NodeIcon } from "../ui/NodeIcon";
import { Tabs } from "../ui/Tabs";
import { useNarrow } from "../ui/useMedia";
import { InputPanel } from "./data/InputPanel";
import { OutputPanel } from "./data/OutputPanel";
import { NodeSettingsForm } from "./NodeSettingsForm";
import { ParamsTab } from "./ParamsTab";
import { canRunPart } from "./parts";
import { useDocument, useEditor, useNodeType, useSelectedNode } from "./store";
import { RunningContext } from "./useRunning";

const t = strings.data;

/** One node over the whole window: what comes in, how it is set up, what goes out; side by side where there is room. */
export function NodeDialog() {
  const open = useEditor((state) => state.expanded);
  const node = useSelectedNode();
  const entry = useNodeType(node);
  const narrow = useNarrow();
  const [tab, setTab] = useState("params");
  const running = useContext(RunningContext);
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  if (!open || !node) return null;
  const input = !entry?.trigger && <InputPanel key={node.id} node={node} />;
  const params = <ParamsTab node={node} entry={entry} />;
  const settings = <NodeSettingsForm key={node.id} node={node} entry={entry} />;
  const output = <OutputPanel node={node} entry={entry} />;
  const close = () => useEditor.setState({ expanded: false });
  return (
    <Radix.Root open onOpenChange={(next) => !next && close()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-30 animate-appear bg-overlay" />
        <Radix.Content
          aria-describedby={undefined}
          onEscapeKeyDown={leaveToCompletion}
          className="fixed inset-3 z-30 flex animate-pop flex-col overflow-hidden rounded-xl border border-line bg-surface shadow-lg lg:inset-6"
        >
          <header className="flex items-center gap-2.5 border-line border-b px-4 py-2.5">
            <NodeIcon icon={entry?.icon} category={entry?.category} size="sm" />
            <Radix.Title className="min-w-0 flex-1 truncate font-semibold">{node.name}</Radix.Title>
            {running && canRunPart(document, catalogue, node.id) && (
              <Button
                size="sm"
                icon={<Play size={13} />}
                busy={running.starting}
                onClick={() => void running.runPart("only", node.id)}
              >
                {strings.parts.runNode}
              </Button>
            )}
            <Radix.Close asChild>
              <IconButton label={strings.common.close}>
                <X size={16} />
              </IconButton>
            </Radix.Close>
          </header>
          {narrow ? (
            <Tabs
              label={node.name}
              value={tab}
              onChange={setTab}
              tabs={[
                { value: "input", label: t.input, content: input },
                { value: "params", label: strings.editor.tabs.params, content: params },
                { value: "settings", label: strings.editor.tabs.settings, content: settings },
                { value: "output", label: t.output, content: output },
              ]}
            />
          ) : (
            <div className="grid min-h-0 flex-1 grid-cols-[minmax(240px,1fr)_minmax(320px,1.2fr)_minmax(240px,1fr)] divide-x divide-line">
              <Column title={t.input}>{input}</Column>
              <section aria-label={t.parameters} className="flex min-h-0 flex-col">
                <Tabs
                  label={strings.editor.inspector}
                  value={tab === "settings" ? "settings" : "params"}
                  onChange={setTab}
                  tabs={[
                    { value: "params", label: strings.editor.tabs.params, content: params },
                    { value: "settings", label: strings.editor.tabs.settings, content: settings },
                  ]}
                />
              </section>
              <Column title={t.output}>{output}</Column>
            </div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Column({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex min-h-0 flex-col bg-surface-2/40">
      <h3 className="border-line border-b px-4 py-2 font-medium text-ink-2 text-xs">{title}</h3>
      {children}
    </section>
  );
}
