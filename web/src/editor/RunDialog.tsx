import { lazy, Suspense, useState } from "react";
import { findType } from "../graph/catalogue";
import type { Item } from "../graph/document";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Form";
import { Select } from "../ui/Select";
import { Skeleton } from "../ui/States";
import { parseItems } from "./items";
import { useDocument, useEditor } from "./store";

const CodeEditor = lazy(() => import("../fields/CodeEditor").then((module) => ({ default: module.CodeEditor })));
const t = strings.editor;

interface RunDialogProps {
  onClose(): void;
  onRun(request: { triggerNodeId?: string; items?: Item[] }): Promise<boolean>;
}

/** A run with items of one's own, from a trigger of one's choice. */
export function RunDialog({ onClose, onRun }: RunDialogProps) {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const triggers = document.nodes.filter((node) => findType(catalogue, node.type, node.version)?.trigger);
  const [trigger, setTrigger] = useState(triggers[0]?.id ?? "");
  const node = triggers.find((entry) => entry.id === trigger);
  const example = node ? findType(catalogue, node.type, node.version)?.outputExample : undefined;
  const [text, setText] = useState(() => JSON.stringify(node?.params.items ?? example ?? [{}], null, 2));
  const { items, error } = parseItems(text);
  const start = async () => {
    if (error) return;
    onClose();
    await onRun({ ...(trigger ? { triggerNodeId: trigger } : {}), ...(items ? { items } : {}) });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t.runWith}
      description={t.runDialogText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" disabled={error !== null || triggers.length === 0} onClick={() => void start()}>
            {t.run}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {triggers.length > 1 && (
          <Field label={t.runTrigger}>
            {(ids) => (
              <Select
                {...ids}
                value={trigger}
                onChange={setTrigger}
                options={triggers.map((entry) => ({ value: entry.id, label: entry.name }))}
              />
            )}
          </Field>
        )}
        <Suspense fallback={<Skeleton className="h-48 w-full" />}>
          <CodeEditor label={t.runItems} language="json" value={text} onChange={setText} />
        </Suspense>
        {triggers.length === 0 && <p className="text-bad text-sm">{t.noTrigger}</p>}
        {error && (
          <p role="alert" className="text-bad text-xs">
            {t.runItemsWrong}
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}
