import { Upload } from "lucide-react";
import { useRef } from "react";
import { strings } from "../../strings";
import { Button } from "../../ui/Button";

const o = strings.organising;

/** Has a file chosen that workflows are read from. */
export function ImportButton({ busy, onFile }: { busy: boolean; onFile(file: File): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        icon={<Upload size={14} />}
        busy={busy}
        onClick={() => input.current?.click()}
        title={o.importLabel}
        className="max-sm:px-2"
      >
        <span className="max-sm:sr-only">{o.import}</span>
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={o.importLabel}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
