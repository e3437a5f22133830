import { Bug } from "lucide-react";
import { useEffect, useState } from "react";
import { useSearchParams } from "react-router";
import { getExecution } from "../../api/endpoints";
import type { ExecutionDetail } from "../../api/types";
import { findType } from "../../graph/catalogue";
import { findNode } from "../../graph/document";
import { NO_LOGS } from "../../run/logs";
import { firstFailed, startingPlaces } from "../../run/retrying";
import { fromHistory } from "../../run/state";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Form";
import { messageOf, sentences } from "../../ui/message";
import { Select } from "../../ui/Select";
import { Skeleton } from "../../ui/States";
import { useDocument, useEditor } from "../store";
import type { Running } from "../useRunning";

const t = strings.debug;
/** Stands for the trigger: no node has such an id. */
const BEGINNING = "*";

/** `?debug=<execution>` asks where a debug run with that execution's data starts. */
export function DebugOfExecution({ running }: { running: Running }) {
  const [params, setParams] = useSearchParams();
  const id = params.get("debug");
  if (!id) return null;
  const close = () => {
    const others = new URLSearchParams(params);
    others.delete("debug");
    setParams(others, { replace: true });
  };
  return <Asking key={id} id={id} running={running} onClose={close} />;
}

interface AskingProps {
  id: string;
  running: Running;
  onClose(): void;
}

function Asking({ id, running, onClose }: AskingProps) {
  const workflowId = useEditor((state) => state.workflowId);
  const [detail, setDetail] = useState<ExecutionDetail | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [picked, setPicked] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    getExecution(id, abort.signal).then(setDetail, (error: unknown) => !abort.signal.aborted && setFailed(error));
    return () => abort.abort();
  }, [id]);
  const { options, first } = usePlaces(detail?.workflowId === workflowId ? detail : null);
  const place = picked ?? first;
  const start = async () => {
    if (await running.debugFrom(id, place === BEGINNING ? null : place)) onClose();
  };
  const error = failed === null ? null : messageOf(failed);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.ofTitle}
      description={t.ofText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            icon={<Bug size={14} />}
            disabled={!detail || options.length === 0}
            busy={running.starting}
            onClick={() => void start()}
          >
            {t.start}
          </Button>
        </>
      }
    >
      <div className="space-y-4 pb-2">
        {error && (
          <p role="alert" className="text-bad text-sm">
            {sentences(t.ofFailed, error.detail ?? error.title)}
          </p>
        )}
        {!detail && !error && <Skeleton className="h-9 w-full" />}
        {detail && options.length === 0 && <p className="text-ink-2 text-sm">{t.ofNowhere}</p>}
        {options.length > 0 && (
          <Field label={t.ofStart} help={t.ofHint}>
            {(ids) => <Select {...ids} value={place} onChange={setPicked} options={options} />}
          </Field>
        )}
      </div>
    </Dialog>
  );
}

/** Where a debug run of the draft can start with an execution's data: what started it, and the steps that it reached. */
function usePlaces(detail: ExecutionDetail | null) {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  if (!detail) return { options: [], first: "" };
  const run = fromHistory(detail, NO_LOGS);
  const fired = detail.document.nodes.find(
    (node) => run.nodes[node.id] && findType(catalogue, node.type, node.version)?.trigger,
  );
  const trigger = fired && findNode(document, fired.id);
  const steps = startingPlaces(document, catalogue, run).filter(({ id }) => run.nodes[id]?.iteration === "");
  const options = [
    ...(trigger && !trigger.settings.disabled ? [{ value: BEGINNING, label: t.ofBeginning(trigger.name) }] : []),
    ...steps.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const failed = firstFailed(run);
  return { options, first: steps.find(({ id }) => id === failed)?.id ?? options[0]?.value ?? "" };
}
