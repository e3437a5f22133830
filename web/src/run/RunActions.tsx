import { Bug, Copy, EllipsisVertical, Link2, Pin, PinOff, RotateCcw, RotateCw } from "lucide-react";
import { useState } from "react";
import { useNavigate } from "react-router";
import { type RunRequest, runWorkflow } from "../api/endpoints";
import { keepExecution } from "../api/retention";
import type { ExecutionDetail } from "../api/types";
import type { Catalogue } from "../graph/catalogue";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { Menu, MenuItem, MenuLine } from "../ui/Menu";
import { messageOf, sentences } from "../ui/message";
import { toast } from "../ui/toasts";
import { useRun } from "./context";
import { RetryDialog } from "./RetryDialog";
import { firstFailed } from "./retrying";
import { isOver } from "./state";

const t = strings.parts;

/** What can be done with an execution: again, from a node, copied, shared. */
export function RunActions({ detail, catalogue }: { detail: ExecutionDetail; catalogue: Catalogue }) {
  const run = useRun((state) => state.run);
  const { start, busy } = useStarting(detail.workflowId);
  const navigate = useNavigate();
  const [retrying, setRetrying] = useState(false);
  const over = run !== null && isOver(run.status);
  const failed = run && firstFailed(run);
  const again = () => start({ mode: detail.mode === "live" ? "live" : "draft", fromExecutionId: detail.id });
  const { kept, keep } = useKeeping(detail);
  return (
    <>
      {kept && (
        <span className="inline-flex items-center gap-1 rounded-full bg-surface-3 px-2 py-0.5 text-2xs text-ink-2 max-sm:hidden">
          <Pin size={11} aria-hidden /> {strings.retention.badge}
        </span>
      )}
      {over && failed && (
        <Button icon={<RotateCw size={14} />} onClick={() => setRetrying(true)} className="max-sm:px-2">
          <span className="max-sm:sr-only">{t.retry}</span>
        </Button>
      )}
      {over && (
        <Button icon={<RotateCcw size={14} />} busy={busy} onClick={() => void again()} className="max-md:hidden">
          {t.runAgain}
        </Button>
      )}
      <Menu
        trigger={
          <IconButton label={t.actions}>
            <EllipsisVertical size={16} />
          </IconButton>
        }
      >
        {over && (
          <>
            <MenuItem icon={<RotateCcw size={14} />} onSelect={() => void again()}>
              {t.runAgain}
            </MenuItem>
            <MenuItem icon={<RotateCw size={14} />} onSelect={() => setRetrying(true)}>
              {t.retryTitle}
            </MenuItem>
            <MenuItem
              icon={<Bug size={14} />}
              onSelect={() => void navigate(`/workflows/${detail.workflowId}?debug=${detail.id}`)}
            >
              {strings.debug.inEditor}
            </MenuItem>
            <MenuLine />
          </>
        )}
        <MenuItem icon={kept ? <PinOff size={14} /> : <Pin size={14} />} onSelect={() => void keep()}>
          {kept ? strings.retention.keepNoLonger : strings.retention.keep}
        </MenuItem>
        <MenuItem icon={<Link2 size={14} />} onSelect={() => copy(window.location.href, t.linkCopied)}>
          {t.copyLink}
        </MenuItem>
        <MenuItem icon={<Copy size={14} />} onSelect={() => copy(JSON.stringify(detail, null, 2), t.jsonCopied)}>
          {t.copyRun}
        </MenuItem>
      </Menu>
      {retrying && (
        <RetryDialog
          detail={detail}
          catalogue={catalogue}
          startAt={failed ?? ""}
          busy={busy}
          onClose={() => setRetrying(false)}
          onStart={async (request) => {
            if (await start(request)) setRetrying(false);
          }}
        />
      )}
    </>
  );
}

/** Whether the execution is kept for good, and what changes that. */
function useKeeping(detail: ExecutionDetail) {
  const [kept, setKept] = useState(Boolean(detail.keptAt));
  const keep = async () => {
    try {
      const since = await keepExecution(detail.id, !kept);
      setKept(since !== null);
      toast({ tone: "ok", title: since === null ? strings.retention.keptNoLonger : strings.retention.kept });
    } catch (error) {
      const { title, detail: why } = messageOf(error);
      toast({ tone: "bad", title: strings.retention.keepFailed, detail: sentences(title, why) });
    }
  };
  return { kept, keep };
}

/** Starts a run and goes to its page. */
function useStarting(workflowId: string) {
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const start = async (request: RunRequest): Promise<boolean> => {
    setBusy(true);
    try {
      const { executionId } = await runWorkflow(workflowId, request);
      await navigate(`/executions/${executionId}`);
      return true;
    } catch (error) {
      const { title, detail } = messageOf(error);
      toast({ tone: "bad", title: t.startFailed, detail: sentences(title, detail) });
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { start, busy };
}

function copy(text: string, done: string): void {
  navigator.clipboard.writeText(text).then(
    () => toast({ tone: "ok", title: done }),
    () => toast({ tone: "bad", title: t.copyFailed }),
  );
}
