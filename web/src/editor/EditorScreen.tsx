import { MessageCircle } from "lucide-react";
import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import type { Workflow } from "../api/types";
import { findType } from "../graph/catalogue";
import type { WorkflowNode } from "../graph/document";
import { RunContext } from "../run/context";
import { RunDock } from "../run/RunDock";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Sheet } from "../ui/Dialog";
import { useNarrow } from "../ui/useMedia";
import { addNode } from "./actions";
import { Canvas } from "./Canvas";
import { CanvasControls } from "./CanvasControls";
import { CommandPalette } from "./CommandPalette";
import { ConflictDialog } from "./ConflictDialog";
import { ConnectDialog } from "./ConnectDialog";
import { CANVAS, useCanvasFocus } from "./canvasFocus";
import { ChatPanel } from "./chat/ChatPanel";
import { BreakpointsDialog } from "./debug/BreakpointsDialog";
import { openBreakpoints, useDebugging } from "./debug/breakpoints";
import { DebugOfExecution } from "./debug/DebugOfExecution";
import { useDebugKeys } from "./debug/useDebugKeys";
import { useReattach } from "./debug/useReattach";
import { EmptyCanvas } from "./EmptyCanvas";
import { Inspector } from "./Inspector";
import { LeaveGuard } from "./LeaveGuard";
import { leave } from "./listening";
import { NodeDialog } from "./NodeDialog";
import { NodeMenu } from "./NodeMenu";
import { NodePicker } from "./NodePicker";
import { PaletteList } from "./PaletteList";
import { Recovery } from "./Recovery";
import { RunDialog } from "./RunDialog";
import { SaveBanner } from "./SaveBanner";
import { ShortcutsDialog } from "./ShortcutsDialog";
import { type EditorState, goTo, select, useEditor } from "./store";
import { TopBar } from "./TopBar";
import { useChecking } from "./useChecking";
import { type CommandTargets, useCommands } from "./useCommands";
import { RunningContext, useRunning } from "./useRunning";
import { useSaving } from "./useSaving";
import { useShortcuts } from "./useShortcuts";

const t = strings.editor;
// Without a tour one can work: nothing is said where it cannot be loaded.
const Tour = lazy(() => import("./tour/Tour").catch(() => ({ default: () => null })));

/** The editor: top bar, palette, canvas, inspector, and the run below. */
export function EditorScreen({ workflow }: { workflow: Workflow }) {
  const saver = useSaving(workflow);
  const running = useRunning(workflow.id, saver);
  useChecking();
  const narrow = useNarrow();
  const expanded = useEditor((state) => state.expanded);
  const [help, setHelp] = useState(false);
  const [palette, setPalette] = useState(false);
  const runStore = useEditor((state) => state.runStore);
  const selection = useEditor(selectedNodes);
  const [chatting, setChatting] = useState(false);
  const chat = useEditor(chatOf);
  useEffect(() => {
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, []);
  const save = useCallback(() => void saver.current?.flush(), [saver]);
  const run = useCallback(() => running.start(), [running.start]);
  const openHelp = useCallback(() => setHelp(true), []);
  const [commanding, setCommanding] = useState(false);
  useShortcuts({ save, run, help: openHelp, commands: useCallback(() => setCommanding(true), []) });
  useDebugKeys(running.debug);
  useEffect(() => openBreakpoints(workflow.id), [workflow.id]);
  useReattach(workflow.id, running.attach);
  const listing = useDebugging((state) => state.listing);
  useDeepLink();
  useCanvasFocus();

  return (
    <RunningContext value={running}>
      <RunContext value={runStore}>
        <div className="flex h-full flex-col">
          <TopBar
            onSave={save}
            onRun={run}
            onRunWith={() => running.ask({})}
            onHelp={() => setHelp(true)}
            running={running}
            saver={saver}
          />
          <SaveBanner saver={saver} />
          <div className="flex min-h-0 flex-1">
            {!narrow && (
              <aside
                aria-label={t.palette}
                data-tour="palette"
                className="hidden w-60 shrink-0 flex-col border-line border-r bg-surface pt-3 lg:flex"
              >
                <PaletteList draggable onPick={(choice) => addNode(choice.entry, {}, choice)} />
              </aside>
            )}
            <main className="flex min-w-0 flex-1 flex-col">
              <div {...CANVAS} className="relative min-h-0 flex-1 outline-none">
                <Canvas />
                <EmptyCanvas />
                <CanvasControls editing onAdd={narrow ? () => setPalette(true) : undefined} />
                {chat && !chatting && (
                  <div className="absolute right-3 bottom-3 z-5">
                    <Button icon={<MessageCircle size={15} />} onClick={() => setChatting(true)}>
                      {strings.chat.try}
                    </Button>
                  </div>
                )}
              </div>
              {runStore && (
                <RunDock
                  onClose={running.close}
                  onSelect={(nodeId) => goTo(nodeId, null)}
                  onRetry={(nodeId) => void running.runPart("from", nodeId)}
                  executionId={running.executionId}
                />
              )}
            </main>
            {!narrow && chat && chatting && (
              <aside
                aria-label={strings.chat.title}
                className="flex w-[360px] shrink-0 animate-slide-in flex-col border-line border-l bg-surface"
              >
                <ChatPanel key={chat.id} chat={chat} onClose={() => setChatting(false)} />
              </aside>
            )}
            {!narrow && selection > 0 && (
              <aside
                data-tour="inspector"
                className="flex w-[380px] shrink-0 animate-slide-in flex-col border-line border-l bg-surface xl:w-[420px]"
              >
                <Inspector />
              </aside>
            )}
          </div>
        </div>
        {narrow && (
          <>
            {chat && (
              <Sheet open={chatting} onOpenChange={setChatting} title={strings.chat.title}>
                <ChatPanel key={chat.id} chat={chat} onClose={() => setChatting(false)} />
              </Sheet>
            )}
            <Sheet
              open={selection === 1 && !expanded}
              onOpenChange={(open) => !open && select([])}
              title={t.inspector}
              writing={false}
            >
              <Inspector />
            </Sheet>
            <Sheet open={palette} onOpenChange={setPalette} title={t.palette}>
              <PaletteList
                onPick={(choice) => {
                  addNode(choice.entry, {}, choice);
                  setPalette(false);
                }}
              />
            </Sheet>
          </>
        )}
        <NodePicker />
        <ConnectDialog />
        <NodeMenu />
        {commanding && <Commands save={save} run={run} help={openHelp} onClose={() => setCommanding(false)} />}
        <NodeDialog />
        <ConflictDialog saver={saver} />
        <Recovery workflow={workflow} />
        <LeaveGuard saver={saver} />
        <Suspense fallback={null}>
          <Tour />
        </Suspense>
        {listing && (
          <BreakpointsDialog
            onClose={() => useDebugging.setState({ listing: false })}
            onStart={(stepwise) => void running.debug(stepwise)}
          />
        )}
        <DebugOfExecution running={running} />
        {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
        {running.asking && <RunDialog asked={running.asking} onClose={() => running.ask(null)} onRun={running.run} />}
      </RunContext>
    </RunningContext>
  );
}

function Commands({ onClose, ...targets }: CommandTargets & { onClose(): void }) {
  return <CommandPalette commands={useCommands(targets)} onClose={onClose} />;
}

/** How many nodes are selected; notes have no panel of their own. */
function selectedNodes({ nodes, history }: EditorState): number {
  return nodes.size === 0 ? 0 : history.present.nodes.filter(({ id }) => nodes.has(id)).length;
}

/** The chat that can be tried out, if there is one. */
function chatOf({ history, catalogue }: EditorState): WorkflowNode | null {
  const isChat = (node: WorkflowNode) => findType(catalogue, node.type, node.version)?.trigger === "chat";
  return history.present.nodes.find((node) => isChat(node) && !node.settings.disabled) ?? null;
}

/** `?node=<id>` opens the editor at a node. */
function useDeepLink(): void {
  const [params] = useSearchParams();
  const node = params.get("node");
  useEffect(() => {
    if (node) goTo(node, null);
  }, [node]);
}
