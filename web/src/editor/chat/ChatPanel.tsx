import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle, Paperclip, RotateCcw, X } from "lucide-react";
import { type DragEvent, useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { draw } from "../../chat/draw";
import { closed } from "../../chat/markdown";
import type { WorkflowNode } from "../../graph/document";
import { strings } from "../../strings";
import { IconButton } from "../../ui/Button";
import { messageOf, sentences } from "../../ui/message";
import { toast } from "../../ui/toasts";
import { goTo, useEditor } from "../store";
import { RunningContext } from "../useRunning";
import { takes } from "./files";
import { beginAnew, follow, itemOf, openTalk, type Said, useTalk } from "./talk";
import { Write } from "./Write";

const t = strings.chat;
/** So near its end the conversation goes on with what comes. */
const NEAR = 60;

/** Tries a chat out, beside the canvas: each message runs the draft. */
export function ChatPanel({ chat, onClose }: { chat: WorkflowNode; onClose(): void }) {
  const workflowId = useEditor((state) => state.workflowId);
  const { said, sessionId } = useTalk();
  const running = useContext(RunningContext);
  const last = said.at(-1);
  const busy = last?.state === "works" || last?.state === "waits";
  const end = useRef<(() => void) | null>(null);
  useEffect(() => openTalk(`${workflowId} ${chat.id}`), [workflowId, chat.id]);
  useEffect(() => () => end.current?.(), []);

  const taken = useMemo(() => takes(chat), [chat]);
  const [files, setFiles] = useState<File[]>([]);
  const [storing, setStoring] = useState(false);
  const drop = useDrop(taken !== null, (dropped) => setFiles((before) => [...before, ...dropped]));

  const send = async (text: string) => {
    if (!running || busy || storing || running.starting) return false;
    setStoring(true);
    const item = await itemOf(text, files).catch((error: unknown) => {
      const { title, detail } = messageOf(error);
      toast({ tone: "bad", title: t.notStored, detail: sentences(title, detail) });
      return null;
    });
    setStoring(false);
    if (!item || !(await running.run({ triggerNodeId: chat.id, items: [item] }))) return false;
    const { runExecutionId, runStore } = useEditor.getState();
    if (runExecutionId && runStore) end.current = follow(chat, { text, files }, runExecutionId, runStore);
    return true;
  };
  return (
    <section aria-label={t.title} className="relative flex min-h-0 flex-1 flex-col" {...drop.handlers}>
      {drop.over && (
        <p
          aria-hidden
          className="pointer-events-none absolute inset-2 z-10 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-surface/90 font-medium text-accent text-sm"
        >
          {t.dropHere}
        </p>
      )}
      <header className="flex items-center gap-1 border-line border-b px-4 py-2">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold text-sm">{t.title}</h2>
          <p className="truncate font-mono text-2xs text-ink-3" data-testid="chat-session">
            {t.session(sessionId.slice(0, 8))}
          </p>
        </div>
        <IconButton label={t.anew} onClick={beginAnew} disabled={busy} small>
          <RotateCcw size={14} />
        </IconButton>
        <IconButton label={t.close} onClick={onClose} small>
          <X size={15} />
        </IconButton>
      </header>
      <Talk said={said} greeting={String(chat.params.greeting ?? "")} />
      <Write
        placeholder={String(chat.params.placeholder || t.write)}
        busy={busy || storing || (running?.starting ?? false)}
        taken={taken}
        files={files}
        onFiles={setFiles}
        onSend={send}
        onStop={busy ? () => void running?.cancel() : null}
      />
    </section>
  );
}

/** Takes files that are dropped; with `takes` false the browser is kept from opening them, and nothing else happens. */
function useDrop(takes: boolean, onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const brings = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  const handlers = {
    onDragOver: (event: DragEvent) => {
      if (!brings(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = takes ? "copy" : "none";
      setOver(takes);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
    },
    onDrop: (event: DragEvent) => {
      if (!brings(event)) return;
      event.preventDefault();
      setOver(false);
      if (takes) onFiles([...event.dataTransfer.files]);
    },
  };
  return { over, handlers };
}

function Talk({ said, greeting }: { said: Said[]; greeting: string }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes on with what comes.
  useLayoutEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [said]);
  const done = said.at(-1);
  return (
    <>
      <div
        ref={box}
        role="log"
        aria-live="off"
        aria-label={t.log}
        tabIndex={0}
        className="min-h-0 flex-1 space-y-4 overflow-y-auto p-4"
        onScroll={({ currentTarget: it }) => {
          follows.current = it.scrollHeight - it.scrollTop - it.clientHeight < NEAR;
        }}
      >
        {said.length === 0 && (greeting ? <Words text={greeting} /> : <p className="text-ink-3 text-sm">{t.empty}</p>)}
        {said.map((one) => (
          <Turn key={one.id} said={one} />
        ))}
      </div>
      <p role="status" className="sr-only">
        {done && (done.state === "answered" ? done.answer || t.noAnswer : t[done.state])}
      </p>
    </>
  );
}

function Turn({ said }: { said: Said }) {
  const open = said.state === "works" || said.state === "waits";
  return (
    <div className="space-y-2">
      <p className="ml-8 whitespace-pre-wrap break-words rounded-lg bg-accent-soft px-3 py-2 text-sm" dir="auto">
        <span className="sr-only">{t.you} </span>
        {said.text}
        {said.files.map((name, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name, and none moves.
          <span key={place} className="flex items-center gap-1 text-ink-2 text-xs">
            <Paperclip size={11} aria-hidden className="shrink-0" /> <bdi className="truncate">{name}</bdi>
          </span>
        ))}
      </p>
      {said.steps.length > 0 && (
        <ul aria-label={t.steps} className="flex flex-wrap gap-x-3 gap-y-1 text-ink-3 text-xs">
          {said.steps.map(({ nodeId, name, status }) => (
            <li key={nodeId}>
              <button
                type="button"
                aria-label={t.toNode(name)}
                onClick={() => goTo(nodeId, null)}
                className="flex items-center gap-1 rounded hover:text-ink hover:underline"
              >
                <Sign status={status} /> {name}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Words text={said.answer} busy={open} />
      {said.state === "works" && !said.answer && said.steps.length === 0 && (
        <p className="text-ink-3 text-xs">{t.works}…</p>
      )}
      {said.state === "waits" && <p className="text-ink-3 text-xs">{t.waits}</p>}
      {said.state === "cancelled" && <p className="text-ink-3 text-xs">{t.cancelled}</p>}
      {said.state === "answered" && !said.answer && <p className="text-warn text-xs">{t.noAnswer}</p>}
      {said.state === "failed" && <Failure said={said} />}
    </div>
  );
}

function Failure({ said }: { said: Said }) {
  const { failedNode, error } = said;
  const name = said.steps.find(({ nodeId }) => nodeId === failedNode)?.name;
  return (
    <div className="rounded-md border border-bad-line bg-bad-soft px-3 py-2 text-bad text-xs">
      <p className="break-words">{sentences(error?.message ?? t.failed, error?.remedy ?? undefined)}</p>
      <div className="mt-1 flex flex-wrap gap-3">
        {failedNode && name && (
          <button type="button" className="font-medium underline" onClick={() => goTo(failedNode, null)}>
            {t.toNode(name)}
          </button>
        )}
        <Link className="font-medium underline" to={`/executions/${said.executionId}`}>
          {t.openRun}
        </Link>
      </div>
    </div>
  );
}

function Sign({ status }: { status: string }) {
  if (status === "succeeded") return <CircleCheck size={12} className="text-ok" />;
  if (status === "failed") return <CircleAlert size={12} className="text-bad" />;
  if (status === "waiting") return <CircleDashed size={12} />;
  return <LoaderCircle size={12} className="animate-spin text-accent motion-reduce:animate-none" />;
}

/** Markdown, drawn as the hosted page draws it. */
function Words({ text, busy = false }: { text: string; busy?: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (box.current) draw(box.current, busy ? closed(text) : text, t.picture);
  }, [text, busy]);
  return <div ref={box} aria-busy={busy} className="prose break-words text-sm empty:hidden" />;
}
