import { useState } from "react";
import type { RunRequest } from "../api/endpoints";
import type { ExecutionDetail } from "../api/types";
import type { Catalogue } from "../graph/catalogue";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Form";
import { Select } from "../ui/Select";
import { useRun } from "./context";
import { startingPlaces } from "./retrying";

const t = strings.parts;

interface RetryDialogProps {
  detail: ExecutionDetail;
  catalogue: Catalogue;
  startAt: string;
  busy: boolean;
  onClose(): void;
  onStart(request: RunRequest): Promise<void>;
}

/** Asks from which node and with which version a run goes on. */
export function RetryDialog({ detail, catalogue, startAt, busy, onClose, onStart }: RetryDialogProps) {
  const run = useRun((state) => state.run);
  const places = run ? startingPlaces(detail.document, catalogue, run) : [];
  const [node, setNode] = useState(startAt || (places[0]?.id ?? ""));
  const [mode, setMode] = useState(detail.mode === "live" ? "live" : "draft");
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.retryTitle}
      description={t.retryText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            busy={busy}
            disabled={node === ""}
            onClick={() =>
              void onStart({ mode: mode as "draft" | "live", fromExecutionId: detail.id, startNodeId: node })
            }
          >
            {t.retryStart}
          </Button>
        </>
      }
    >
      <div className="space-y-4 pb-2">
        <Field label={t.retryNode}>
          {(ids) => (
            <Select
              {...ids}
              value={node}
              onChange={setNode}
              options={places.map(({ id, name }) => ({ value: id, label: name }))}
            />
          )}
        </Field>
        <Field label={t.retryVersion}>
          {(ids) => (
            <Select
              {...ids}
              value={mode}
              onChange={setMode}
              options={Object.entries(t.versions).map(([value, label]) => ({ value, label }))}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
