import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";

import type { LogLevel, LogLine } from "../api/types";
import type { WorkflowDocument } from "../graph/document";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Input } from "../ui/Form";
import { messageOf } from "../ui/message";
import { Select } from "../ui/Select";
import { clock, number } from "../ui/time";
import { useRun } from "./context";
import { MOST_LINES, NO_LOGS } from "./logs";

const t = strings.run;
const LEVELS: LogLevel[] = ["debug", "info", "warning", "error"];
const TONES: Record<LogLevel, string> = {
  debug: "text-ink-3",
  info: "text-busy",
  warning: "text-warn",
  error: "text-bad",
};
/** Log lines as they come, by level, node and text; only those in view are drawn. */
export function LogStream({ document, onSelect }: { document: WorkflowDocument; onSelect(nodeId: string): void }) {
  const { lines: logs, cut } = useRun(({ run }) => run.logs) ?? NO_LOGS;
  const failed = useRun(({ logsError }) => logsError);
  const [search, setSearch] = useState("");
  const [level, setLevel] = useState("");
  const [node, setNode] = useState("");
  const names = useMemo(() => new Map(document.nodes.map((entry) => [entry.id, entry.name])), [document]);
  const lines = useMemo(() => {
    const wanted = search.toLowerCase();
    const least = LEVELS.indexOf(level as LogLevel);
    return logs.filter(
      (line) =>
        LEVELS.indexOf(line.level) >= least &&
        (node === "" || line.nodeId === node) &&
        (wanted === "" || line.message.toLowerCase().includes(wanted)),
    );
  }, [logs, search, level, node]);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap gap-2 px-3 py-2">
        <Input
          type="search"
          aria-label={t.logFilter}
          placeholder={t.logFilter}
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          className="h-7! max-w-56 text-xs"
        />
        <Select
          compact
          label={t.logLevel}
          value={level}
          onChange={setLevel}
          className="max-w-32"
          options={[{ value: "", label: t.anyLevel }, ...LEVELS.map((value) => ({ value, label: t.levels[value] }))]}
        />
        <Select
          compact
          label={t.node}
          value={node}
          onChange={setNode}
          className="max-w-44"
          options={[
            { value: "", label: t.allNodes },
            ...document.nodes.map((entry) => ({ value: entry.id, label: entry.name })),
          ]}
        />
      </div>
      {failed ? <Note tone="bad">{t.logsFailed(messageOf(failed).title)}</Note> : null}
      {cut && <Note tone="warn">{t.logsCut(number(MOST_LINES))}</Note>}
      {lines.length === 0 ? (
        <p className="p-6 text-center text-ink-3 text-sm">{logs.length === 0 ? t.noLogs : t.noLogsMatch}</p>
      ) : (
        <Lines lines={lines} names={names} onSelect={onSelect} />
      )}
    </div>
  );
}

function Note({ tone, children }: { tone: "bad" | "warn"; children: string }) {
  return (
    <p role="status" className={cx("px-3 pb-2 text-xs", tone === "bad" ? "text-bad" : "text-warn")}>
      {children}
    </p>
  );
}

interface LinesProps {
  lines: LogLine[];
  names: ReadonlyMap<string, string>;
  onSelect(nodeId: string): void;
}

function Lines({ lines, names, onSelect }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [pinned, setPinned] = useState(true);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => 22,
    overscan: 20,
    getItemKey: (index) => lines[index]?.seq ?? index,
  });
  const { scrollToIndex } = virtual;
  useEffect(() => {
    if (pinned && lines.length > 0) scrollToIndex(lines.length - 1);
  }, [pinned, lines.length, scrollToIndex]);
  const onScroll = () => {
    const element = box.current;
    if (element) setPinned(element.scrollHeight - element.scrollTop - element.clientHeight < 40);
  };
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={box}
        onScroll={onScroll}
        tabIndex={0}
        role="log"
        aria-label={t.logs}
        className="h-full overflow-y-auto px-3 pb-2"
      >
        <div className="relative w-full font-mono text-xs" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (!line) return null;
            return (
              <div
                key={row.key}
                ref={virtual.measureElement}
                data-index={row.index}
                className="absolute inset-x-0 top-0 flex gap-3 py-0.5 leading-[18px]"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <time className="tabular shrink-0 text-ink-3" dateTime={line.at}>
                  {clock(line.at)}
                </time>
                <span className={cx("w-14 shrink-0", TONES[line.level])}>{t.levels[line.level] ?? line.level}</span>
                {line.nodeId && (
                  <button
                    type="button"
                    onClick={() => line.nodeId && onSelect(line.nodeId)}
                    className="w-32 shrink-0 truncate text-left text-ink-2 hover:text-accent max-sm:hidden"
                  >
                    {names.get(line.nodeId) ?? line.nodeId}
                  </button>
                )}
                <span className="min-w-0 flex-1 whitespace-pre-wrap break-words">
                  {line.message}
                  {line.data !== null && line.data !== undefined && (
                    <span className="text-ink-3">{` ${JSON.stringify(line.data)}`}</span>
                  )}
                </span>
              </div>
            );
          })}
        </div>
      </div>
      {!pinned && (
        <Button
          size="sm"
          icon={<ArrowDown size={13} />}
          onClick={() => setPinned(true)}
          className="absolute right-5 bottom-3 shadow-md"
        >
          {t.newLines}
        </Button>
      )}
    </div>
  );
}
