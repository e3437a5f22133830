import { lazy, Suspense, useState } from "react";
import type { Port } from "../graph/catalogue";
import type { Item, WorkflowNode } from "../graph/document";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { patient } from "../ui/patient";
import { Skeleton } from "../ui/States";
import { parseItems } from "./items";
import { type Pinned, setPin } from "./pins";

const CodeEditor = lazy(() =>
  patient(() => import("../fields/CodeEditor").then((module) => ({ default: module.CodeEditor }))),
);
const t = strings.parts;

interface PinDialogProps {
  node: WorkflowNode;
  ports: readonly Port[];
  onClose(): void;
}

/** Writes the output that a node gives instead of running, port by port. */
export function PinDialog({ node, ports, onClose }: PinDialogProps) {
  const before = node.pinned ?? {};
  const [texts, setTexts] = useState<Record<string, string>>(() =>
    Object.fromEntries(ports.map(({ name }) => [name, textOf(before[name])])),
  );
  const read = ports.map(({ name }) => ({ name, ...parseItems(texts[name] ?? "") }));
  const save = () => {
    const pinned: Pinned = {};
    for (const { name, items } of read) {
      if (items && items.length > 0) pinned[name] = items.map((item, index) => withFiles(item, before[name]?.[index]));
    }
    if (setPin(node.id, pinned)) onClose();
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t.editPinned(node.name)}
      description={t.editText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button variant="primary" disabled={read.some(({ error }) => error !== null)} onClick={save}>
            {t.pin}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {ports.map((port, index) => {
          const label = t.port(port.label || (port.name === "main" ? strings.editor.mainPort : port.name));
          const error = read[index]?.error;
          return (
            <div key={port.name}>
              {ports.length > 1 && <div className="mb-1 font-medium text-sm">{label}</div>}
              <Suspense fallback={<Skeleton className="h-40 w-full" />}>
                <CodeEditor
                  label={label}
                  language="json"
                  value={texts[port.name] ?? ""}
                  onChange={(text) => setTexts((all) => ({ ...all, [port.name]: text }))}
                />
              </Suspense>
              {error && (
                <p role="alert" className="mt-1 text-bad text-sm">
                  {t.wrong}
                  {error}
                </p>
              )}
            </div>
          );
        })}
      </div>
    </Dialog>
  );
}

function textOf(items: readonly Item[] | undefined): string {
  return items && items.length > 0
    ? JSON.stringify(
        items.map((item) => item.json),
        null,
        2,
      )
    : "";
}

/** Files are not edited: an item in the place of one that had some keeps them. */
function withFiles(item: Item, before: Item | undefined): Item {
  return before?.binary ? { ...item, binary: before.binary } : item;
}
