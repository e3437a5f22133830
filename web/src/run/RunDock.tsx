import { ExternalLink, RotateCw, X } from "lucide-react";
import { useContext, useState } from "react";
import { Link } from "react-router";
import { useDebugging } from "../editor/debug/breakpoints";
import { useDocument } from "../editor/store";
import { RunningContext } from "../editor/useRunning";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { Tabs } from "../ui/Tabs";
import { useRun } from "./context";
import { DebugPanel } from "./DebugPanel";
import { ErrorCard } from "./ErrorCard";
import { LogStream } from "./LogStream";
import { RunStatusLine } from "./RunStatusLine";
import { firstFailed } from "./retrying";
import { isOver } from "./state";
import { Timeline } from "./Timeline";
import { UsagePanel } from "./UsagePanel";

const t = strings.run;

interface RunDockProps {
  executionId: string | null;
  onClose(): void;
  onSelect(nodeId: string): void;
  onRetry(nodeId: string): void;
}

/** The run of the draft, below the editor's canvas. */
export function RunDock({ executionId, onClose, onSelect, onRetry }: RunDockProps) {
  const document = useDocument();
  const error = useRun(({ run }) => run.error);
  const failed = useRun(({ run }) => (isOver(run.status) ? firstFailed(run) : null));
  const debugged = useDebugging((state) => executionId !== null && state.executionId === executionId);
  const waiting = useRun(({ run }) => Object.keys(run.stops).length) ?? 0;
  const [picked, setTab] = useState<string | null>(null);
  const tab = picked ?? (debugged ? "debug" : "timeline");
  const running = useContext(RunningContext);
  return (
    <section
      aria-label={t.title}
      className={cx(
        "flex min-h-44 shrink-0 animate-slide-up flex-col border-line border-t bg-surface",
        debugged ? "h-[48dvh]" : "h-[34dvh]",
      )}
    >
      <Tabs
        label={t.title}
        value={tab}
        onChange={setTab}
        aside={
          <div className="flex items-center gap-1 py-1">
            <RunStatusLine />
            {failed && (
              <Button size="sm" icon={<RotateCw size={13} />} onClick={() => onRetry(failed)}>
                {strings.parts.retry}
              </Button>
            )}
            {executionId && (
              <Link
                to={`/executions/${executionId}`}
                aria-label={strings.editor.openRun}
                title={strings.editor.openRun}
                className="flex size-7 items-center justify-center rounded-md text-ink-2 hover:bg-surface-3"
              >
                <ExternalLink size={14} />
              </Link>
            )}
            <IconButton label={strings.editor.hideRun} onClick={onClose} small>
              <X size={15} />
            </IconButton>
          </div>
        }
        tabs={[
          ...(debugged && executionId
            ? [
                {
                  value: "debug",
                  label: (
                    <>
                      {strings.debug.title}
                      {waiting > 0 && <span className="tabular text-accent">{waiting}</span>}
                    </>
                  ),
                  content: (
                    <DebugPanel
                      executionId={executionId}
                      document={document}
                      onSelect={onSelect}
                      onEnd={() => void running?.cancel()}
                    />
                  ),
                },
              ]
            : []),
          {
            value: "timeline",
            label: t.timeline,
            content: (
              <div className="min-h-0 flex-1 overflow-y-auto">
                {error && (
                  <div className="p-3 pb-0">
                    <ErrorCard error={error} />
                  </div>
                )}
                <Timeline document={document} selected={null} onSelect={onSelect} />
              </div>
            ),
          },
          { value: "logs", label: t.logs, content: <LogStream document={document} onSelect={onSelect} /> },
          {
            value: "usage",
            label: strings.usage.title,
            content: <UsagePanel document={document} onSelect={onSelect} />,
          },
        ]}
      />
    </section>
  );
}
