import { ReactFlowProvider } from "@xyflow/react";
import { Ban, ChevronLeft, SquarePen, X } from "lucide-react";
import { useContext, useEffect, useMemo, useState } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { useStore } from "zustand";
import { cancelExecution } from "../api/endpoints";
import { PRODUCTION, useEnvironmentName } from "../api/environments";
import { ApiError } from "../api/problem";
import { useCatalogue } from "../api/queries";
import type { ExecutionDetail } from "../api/types";
import { useStopKeys } from "../editor/debug/useDebugKeys";
import { type Catalogue, findType } from "../graph/catalogue";
import { findNode } from "../graph/document";
import { live } from "../live/live";
import { strings } from "../strings";
import { Button, IconButton } from "../ui/Button";
import { cx } from "../ui/cx";
import { Sheet } from "../ui/Dialog";
import { messageOf } from "../ui/message";
import { NodeIcon } from "../ui/NodeIcon";
import { Failed, LoadingPage } from "../ui/States";
import { Tabs } from "../ui/Tabs";
import { dateTime } from "../ui/time";
import { toast } from "../ui/toasts";
import { useNarrow } from "../ui/useMedia";
import { RunContext, useRun } from "./context";
import { DebugPanel } from "./DebugPanel";
import { ErrorCard } from "./ErrorCard";
import { LogStream } from "./LogStream";
import { NodeData } from "./NodeData";
import { Relatives } from "./Relatives";
import { RunActions } from "./RunActions";
import { RunCanvas } from "./RunCanvas";
import { RunStatusLine } from "./RunStatusLine";
import { isOver } from "./state";
import { type RunStore, watchExecution } from "./store";
import { Timeline } from "./Timeline";
import { UsagePanel } from "./UsagePanel";

const t = strings.run;

const OUT = { to: "/executions", label: strings.nav.executions };

/** `/executions/:id` */
export function ExecutionPage() {
  const { id = "" } = useParams();
  const [tries, setTries] = useState(0);
  return <Watching key={`${id} ${tries}`} id={id} onRetry={() => setTries(tries + 1)} />;
}

function Watching({ id, onRetry }: { id: string; onRetry(): void }) {
  const [store, setStore] = useState<RunStore | null>(null);
  const catalogue = useCatalogue();
  useEffect(() => {
    const watched = watchExecution(id, live);
    setStore(watched.store);
    return watched.stop;
  }, [id]);
  if (catalogue.isError) return <Failed error={catalogue.error} onRetry={() => void catalogue.refetch()} out={OUT} />;
  if (!store || !catalogue.data) return <LoadingPage />;
  return <Loaded store={store} catalogue={catalogue.data} onRetry={onRetry} />;
}

function Loaded({ store, catalogue, onRetry }: { store: RunStore; catalogue: Catalogue; onRetry(): void }) {
  const detail = useStore(store, (state) => state.detail);
  const error = useStore(store, (state) => state.error);
  if (error) {
    const deleted = error instanceof ApiError && error.code === "execution_deleted";
    return <Failed error={error} {...(deleted ? {} : { onRetry })} out={OUT} />;
  }
  if (!detail) return <LoadingPage />;
  return (
    <RunContext value={store}>
      <ReactFlowProvider>
        <Screen detail={detail} catalogue={catalogue} />
      </ReactFlowProvider>
    </RunContext>
  );
}

function Screen({ detail, catalogue }: { detail: ExecutionDetail; catalogue: Catalogue }) {
  const [params, setParams] = useSearchParams();
  const selected = params.get("node");
  const select = (nodeId: string | null) => setParams(nodeId ? { node: nodeId } : {}, { replace: true });
  const narrow = useNarrow();
  const { document } = detail;
  const panel = selected ? (
    <NodePanel key={selected} detail={detail} catalogue={catalogue} nodeId={selected} onClose={() => select(null)} />
  ) : null;
  return (
    <div className="flex h-full flex-col">
      <Header detail={detail} catalogue={catalogue} />
      <Relatives detail={detail} />
      <div className="flex min-h-0 flex-1">
        <main className="flex min-w-0 flex-1 flex-col">
          <div className="relative min-h-0 flex-1">
            <RunCanvas document={document} catalogue={catalogue} selected={selected} onSelect={select} />
          </div>
          <Dock detail={detail} selected={selected} onSelect={select} />
        </main>
        {!narrow && panel && (
          <aside className="flex w-[400px] shrink-0 animate-slide-in flex-col border-line border-l bg-surface xl:w-[460px]">
            {panel}
          </aside>
        )}
      </div>
      {narrow && (
        <Sheet open={panel !== null} onOpenChange={(open) => !open && select(null)} title={t.node}>
          {panel}
        </Sheet>
      )}
    </div>
  );
}

function Header({ detail, catalogue }: { detail: ExecutionDetail; catalogue: Catalogue }) {
  const status = useRun(({ run }) => run.status);
  const [cancelling, setCancelling] = useState(false);
  const cancel = async () => {
    setCancelling(true);
    await cancelled(detail.id);
    setCancelling(false);
  };
  const version =
    detail.workflowVersion === null ? t.draftRun : strings.versions.short(detail.workflowVersion, detail.versionName);
  const nameOf = useEnvironmentName();
  const place = detail.environment === PRODUCTION ? [] : [strings.environments.ranIn(nameOf(detail.environment))];
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-line border-b bg-surface px-2 sm:px-3">
      <Link
        to="/executions"
        aria-label={strings.nav.executions}
        title={strings.nav.executions}
        className="flex size-8 shrink-0 items-center justify-center rounded-md text-ink-2 hover:bg-surface-3 hover:text-ink"
      >
        <ChevronLeft size={18} />
      </Link>
      <div className="min-w-0 flex-1">
        <h1 className="truncate font-semibold leading-5">{detail.workflowName}</h1>
        <div className="truncate text-ink-3 text-xs">
          {[
            t.startedBy(strings.triggers[detail.trigger] ?? detail.trigger),
            version,
            ...place,
            dateTime(detail.startedAt),
          ].join(" · ")}
        </div>
      </div>
      <RunStatusLine />
      {status !== null && !isOver(status) && (
        <Button
          variant="danger"
          busy={cancelling}
          icon={<Ban size={14} />}
          onClick={() => void cancel()}
          className="max-sm:px-2"
        >
          <span className="max-sm:sr-only">{t.cancel}</span>
        </Button>
      )}
      <RunActions detail={detail} catalogue={catalogue} />
      <Link
        to={`/workflows/${detail.workflowId}`}
        className="inline-flex h-8 items-center gap-1.5 rounded-md border border-line-strong bg-surface px-3 font-medium text-sm shadow-xs hover:bg-surface-3 max-sm:px-2"
      >
        <SquarePen size={14} aria-hidden />
        <span className="max-sm:sr-only">{t.openWorkflow}</span>
      </Link>
    </header>
  );
}

/** Ends a run; a toast says where that did not work. */
async function cancelled(executionId: string): Promise<void> {
  try {
    await cancelExecution(executionId);
  } catch (error) {
    toast({ tone: "bad", title: t.cancelFailed, detail: messageOf(error).title });
  }
}

interface DockProps {
  detail: ExecutionDetail;
  selected: string | null;
  onSelect(nodeId: string): void;
}

function Dock({ detail, selected, onSelect }: DockProps) {
  const debugged = useRun(({ run }) => detail.debug && !isOver(run.status)) === true;
  useStopKeys(useContext(RunContext), detail.id, debugged);
  const waiting = useRun(({ run }) => Object.keys(run.stops).length) ?? 0;
  const [picked, setTab] = useState<string | null>(null);
  const tab = picked === null || (picked === "debug" && !debugged) ? (debugged ? "debug" : "timeline") : picked;
  const error = useRun(({ run }) => run.error);
  const logs = useRun(({ run }) => run.logs.lines.length) ?? 0;
  return (
    <section
      aria-label={t.timeline}
      className={cx(
        "flex min-h-48 shrink-0 flex-col border-line border-t bg-surface",
        debugged ? "h-[52dvh]" : "h-[38dvh]",
      )}
    >
      <Tabs
        label={t.title}
        value={tab}
        onChange={setTab}
        tabs={[
          ...(debugged
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
                      executionId={detail.id}
                      document={detail.document}
                      onSelect={onSelect}
                      onEnd={() => void cancelled(detail.id)}
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
                <Timeline document={detail.document} selected={selected} onSelect={onSelect} />
              </div>
            ),
          },
          {
            value: "logs",
            label: (
              <>
                {t.logs} <span className="tabular text-ink-3">{logs}</span>
              </>
            ),
            content: <LogStream document={detail.document} onSelect={onSelect} />,
          },
          {
            value: "usage",
            label: strings.usage.title,
            content: <UsagePanel document={detail.document} onSelect={onSelect} />,
          },
        ]}
      />
    </section>
  );
}

interface NodePanelProps {
  detail: ExecutionDetail;
  catalogue: Catalogue;
  nodeId: string;
  onClose(): void;
}

function NodePanel({ detail, catalogue, nodeId, onClose }: NodePanelProps) {
  const node = findNode(detail.document, nodeId);
  const entry = useMemo(() => (node ? findType(catalogue, node.type, node.version) : undefined), [node, catalogue]);
  if (!node) return null;
  return (
    <section aria-label={node.name} className="flex min-h-0 flex-1 flex-col">
      <div className="flex items-center gap-2.5 border-line border-b px-4 py-2.5">
        <NodeIcon icon={entry?.icon} category={entry?.category} size="sm" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate font-semibold text-sm">{node.name}</h2>
          <div className="truncate text-2xs text-ink-3">{entry?.name ?? node.type}</div>
        </div>
        <IconButton label={strings.common.close} onClick={onClose}>
          <X size={16} />
        </IconButton>
      </div>
      <NodeData node={node} entry={entry} />
    </section>
  );
}
