import { ArrowUp, CircleAlert, CircleCheck, CircleDashed, LoaderCircle, RotateCcw, Square, X } from "lucide-react";
import { useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { draw } from "../../chat/draw";
import { closed } from "../../chat/markdown";
import type { WorkflowNode } from "../../graph/document";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { isComposing } from "../../ui/composing";
import { sentences } from "../../ui/message";
import { goTo, useEditor } from "../store";
import { RunningContext } from "../useRunning";
import { beginAnew, follow, itemOf, openTalk, type Said, useTalk } from "./talk";

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

  const send = async (text: string) => {
    if (!running || busy || running.starting) return false;
    if (!(await running.run({ triggerNodeId: chat.id, items: [itemOf(text)] }))) return false;
    const { runExecutionId, runStore } = useEditor.getState();
    if (runExecutionId && runStore) end.current = follow(chat, text, runExecutionId, runStore);
    return true;
  };
  return (
    <section aria-label={t.title} className="flex min-h-0 flex-1 flex-col">
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
        busy={busy || (running?.starting ?? false)}
        onSend={send}
        onStop={busy ? () => void running?.cancel() : null}
      />
    </section>
  );
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

interface WriteProps {
  placeholder: string;
  busy: boolean;
  onSend(text: string): Promise<boolean>;
  onStop: (() => void) | null;
}

/** Enter sends, Shift and Enter begin a line. What is written while an answer comes stays. */
function Write({ placeholder, busy, onSend, onStop }: WriteProps) {
  const [text, setText] = useState("");
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const send = async () => {
    const sent = text.trim();
    if (!sent || busy) return;
    setText("");
    if (!(await onSend(sent))) setText((now) => now || sent);
  };
  return (
    <form
      className="flex items-end gap-2 border-line border-t p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <textarea
        ref={box}
        rows={2}
        dir="auto"
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
          event.preventDefault();
          void send();
        }}
        className="max-h-40 min-w-0 flex-1 resize-none rounded-lg border border-line-strong bg-surface px-3 py-2 text-sm"
      />
      {onStop ? (
        <Button icon={<Square size={13} />} onClick={onStop}>
          {t.stop}
        </Button>
      ) : (
        <Button type="submit" variant="primary" icon={<ArrowUp size={14} />} disabled={busy || !text.trim()}>
          {t.send}
        </Button>
      )}
    </form>
  );
}
