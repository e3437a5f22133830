import { strings } from "../../strings";
import { Button } from "../../ui/Button";
import { CopyButton } from "../../ui/CopyButton";
import { Dialog } from "../../ui/Dialog";

const t = strings.factors;

/** Shows new recovery codes: this once, so it closes only by the button. */
export function CodesDialog({ codes, onClose }: { codes: string[]; onClose(): void }) {
  return (
    <Dialog
      open
      mustAnswer
      onOpenChange={() => undefined}
      title={t.codesTitle}
      description={t.codesText}
      footer={
        <Button variant="primary" onClick={onClose}>
          {t.codesKept}
        </Button>
      }
    >
      <div className="relative rounded-lg border border-line bg-surface-2 p-3">
        <ul className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
          {codes.map((code) => (
            <li key={code} className="whitespace-nowrap font-mono text-ink text-xs">
              {code}
            </li>
          ))}
        </ul>
        <div className="mt-2 flex items-center justify-end gap-1 text-ink-2 text-xs">
          {t.codesCopy}
          <CopyButton text={codes.join("\n")} label={t.codesCopy} />
        </div>
      </div>
    </Dialog>
  );
}
