import { ArrowUp, Paperclip, Square, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { isComposing } from "../../ui/composing";
import { refusal, type Takes } from "./files";

const t = strings.chat;

interface WriteProps {
  placeholder: string;
  busy: boolean;
  /** What files the chat takes; null where it takes none. */
  taken: Takes | null;
  files: File[];
  onFiles(change: (files: File[]) => File[]): void;
  onSend(text: string): Promise<boolean>;
  onStop: (() => void) | null;
}

/** Enter sends, Shift and Enter begin a line. What is written while an answer comes stays. */
export function Write({ placeholder, busy, taken, files, onFiles, onSend, onStop }: WriteProps) {
  const [text, setText] = useState("");
  const [pasted, setPasted] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => box.current?.focus(), []);
  const wrong = files.length > 0 ? (taken ? refusal(files, taken) : t.notTaken) : pasted ? t.notTaken : null;
  const send = async () => {
    const sent = text.trim();
    if ((!sent && files.length === 0) || busy || wrong) return;
    const chosen = files;
    setText("");
    if (await onSend(sent)) onFiles((now) => now.filter((file) => !chosen.includes(file)));
    else setText((now) => now || sent);
  };
  return (
    <form
      className="border-line border-t p-3"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Chosen files={files} onRemove={(file) => onFiles((now) => now.filter((one) => one !== file))} />
      <p role="alert" className="text-bad text-xs [&:not(:empty)]:mb-2">
        {wrong}
      </p>
      <div className="flex items-end gap-2">
        {taken && <Attach taken={taken} onFiles={(more) => onFiles((now) => [...now, ...more])} />}
        <textarea
          ref={box}
          rows={2}
          dir="auto"
          aria-label={placeholder}
          placeholder={placeholder}
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setPasted(false);
          }}
          onPaste={(event) => {
            const more = [...event.clipboardData.files];
            if (more.length === 0) return;
            event.preventDefault();
            if (taken) onFiles((now) => [...now, ...more]);
            else setPasted(true);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || isComposing(event)) return;
            event.preventDefault();
            void send();
          }}
          className="max-h-40 min-w-0 flex-1 resize-none rounded-lg border border-line-strong bg-surface px-3 py-2 text-sm"
        />
        {onStop ? (
          <Button icon={<Square size={13} />} onClick={onStop}>
            {t.stop}
          </Button>
        ) : (
          <Button
            type="submit"
            variant="primary"
            icon={<ArrowUp size={14} />}
            disabled={busy || wrong !== null || (!text.trim() && files.length === 0)}
          >
            {t.send}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Lets files be chosen; the same file may be chosen again. */
function Attach({ taken, onFiles }: { taken: Takes; onFiles(files: File[]): void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label={t.attach} onClick={() => input.current?.click()}>
        <Paperclip size={16} />
      </IconButton>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t.attach}
        multiple={taken.most > 1}
        accept={taken.accept.join(",")}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          target.value = "";
        }}
      />
    </>
  );
}

function Chosen({ files, onRemove }: { files: File[]; onRemove(file: File): void }) {
  if (files.length === 0) return null;
  return (
    <ul className="mb-2 flex flex-wrap gap-1.5">
      {files.map((file, place) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: two files may have one name.
          key={place}
          className="flex max-w-full items-center gap-1 rounded-md border border-line bg-surface-2 py-0.5 pr-0.5 pl-2 text-xs"
        >
          <bdi className="truncate">{file.name}</bdi>
          <IconButton label={t.remove(file.name)} onClick={() => onRemove(file)} small>
            <X size={12} />
          </IconButton>
        </li>
      ))}
    </ul>
  );
}
