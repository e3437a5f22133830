import { Terminal } from "lucide-react";
import { useState } from "react";
import type { WorkflowNode } from "../../graph/document";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field, Textarea } from "../../ui/Form";
import { importedCurl } from "./curl";
import { takeCurl } from "./useCurlPaste";

const t = strings.curl;

/** The button that fills an HTTP request in from a curl command, and its dialog. */
export function CurlImport({ node }: { node: WorkflowNode }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="sm" icon={<Terminal size={14} />} onClick={() => setOpen(true)}>
        {t.button}
      </Button>
      {open && <CurlDialog node={node} onClose={() => setOpen(false)} />}
    </>
  );
}

function CurlDialog({ node, onClose }: { node: WorkflowNode; onClose(): void }) {
  const [command, setCommand] = useState("");
  const made = importedCurl(command);
  return (
    <Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      title={t.title}
      description={t.text}
      footer={
        <Button variant="primary" disabled={!made} onClick={() => takeCurl(node, command) && onClose()}>
          {t.apply}
        </Button>
      }
    >
      <Field label={t.label} error={command.trim() && !made ? t.none : undefined}>
        {(ids) => (
          <Textarea
            {...ids}
            autoFocus
            rows={8}
            spellCheck={false}
            className="font-mono text-xs"
            value={command}
            placeholder={t.placeholder}
            onChange={(event) => setCommand(event.target.value)}
          />
        )}
      </Field>
      {made && made.notes.length > 0 && (
        <div className="pt-3 text-ink-2 text-xs">
          <p>{t.notes}</p>
          <ul className="list-disc pl-4">
            {made.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </div>
      )}
    </Dialog>
  );
}
