import { lazy, Suspense, useState } from "react";
import { findNode, type Item } from "../graph/document";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Form";
import { patient } from "../ui/patient";
import { Select } from "../ui/Select";
import { Skeleton } from "../ui/States";
import { parseItems } from "./items";
import { RunForm } from "./RunForm";
import { useDocument, useEditor } from "./store";
import {
  defaultItems,
  inputsOf,
  inputValue,
  questionOf,
  rememberedItems,
  rememberItems,
  type Start,
  startsOf,
} from "./triggers";
import type { Wanted } from "./useRunning";

const CodeEditor = lazy(() =>
  patient(() => import("../fields/CodeEditor").then((module) => ({ default: module.CodeEditor }))),
);
const t = strings.editor;

interface RunDialogProps {
  /** What is to run: all, or what leads to a node. */
  asked: Pick<Wanted, "untilNodeId">;
  onClose(): void;
  onRun(request: Wanted): Promise<boolean>;
}

/** A run with items of one's own, from a trigger of one's choice. */
export function RunDialog({ asked, onClose, onRun }: RunDialogProps) {
  const document = useDocument();
  const workflowId = useEditor((state) => state.workflowId);
  const catalogue = useEditor((state) => state.catalogue);
  const starts = startsOf(document, catalogue);
  const until = asked.untilNodeId ? findNode(document, asked.untilNodeId) : undefined;
  const textFor = (start: Start | undefined) =>
    start ? (rememberedItems(workflowId, start.node.id) ?? JSON.stringify(defaultItems(start), null, 2)) : "";
  const [trigger, setTrigger] = useState(starts[0]?.node.id ?? "");
  const [text, setText] = useState(() => textFor(starts[0]));
  const { items, error } = parseItems(text);
  const start = starts.find(({ node }) => node.id === trigger);
  const fields = start ? inputsOf(start) : [];
  const question = start ? questionOf(start) : "";
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [telling, setTelling] = useState(false);
  const texts = Object.fromEntries(fields.map(({ name, initial }) => [name, typed[name] ?? initial]));
  const filledIn = (): Item[] | null => {
    const read = fields.map((field) => [field.name, inputValue(field, texts[field.name] ?? "")] as const);
    if (read.some(([, value]) => "wrong" in value)) return null;
    return [{ json: Object.fromEntries(read.map(([name, value]) => [name, "value" in value ? value.value : null])) }];
  };
  const run = () => {
    const given = fields.length > 0 ? filledIn() : items;
    if (fields.length > 0 && given === null) {
      setTelling(true);
      return;
    }
    if (fields.length === 0) rememberItems(workflowId, trigger, text);
    onClose();
    void onRun({ ...asked, triggerNodeId: trigger, ...(given ? { items: given } : {}) });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={until ? strings.parts.runUntilNode(until.name) : fields.length > 0 ? t.runAsking : t.runWith}
      description={question || (fields.length > 0 ? t.runFormText : t.runDialogText)}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button
            variant="primary"
            disabled={(fields.length === 0 && error !== null) || starts.length === 0}
            onClick={run}
          >
            {t.run}
          </Button>
        </>
      }
    >
      <div className="space-y-3">
        {starts.length > 1 && (
          <Field label={t.runTrigger}>
            {(ids) => (
              <Select
                {...ids}
                value={trigger}
                onChange={(id) => {
                  setTrigger(id);
                  setText(textFor(starts.find((start) => start.node.id === id)));
                }}
                options={starts.map(({ node }) => ({ value: node.id, label: node.name }))}
              />
            )}
          </Field>
        )}
        {fields.length > 0 ? (
          <RunForm
            fields={fields}
            texts={texts}
            telling={telling}
            onChange={(name, value) => setTyped({ ...typed, [name]: value })}
          />
        ) : (
          <Suspense fallback={<Skeleton className="h-48 w-full" />}>
            <CodeEditor label={t.runItems} language="json" value={text} onChange={setText} />
          </Suspense>
        )}
        {starts.length === 0 && <p className="text-bad text-sm">{t.noTrigger}</p>}
        {fields.length === 0 && error && (
          <p role="alert" className="text-bad text-xs">
            {t.runItemsWrong}
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}
