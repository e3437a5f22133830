import { strings } from "../strings";
import { CopyButton } from "../ui/CopyButton";

interface AddressProps {
  title: string;
  /** The HTTP methods that are taken there, where more than browsers call it. */
  methods?: string[];
  url: string;
  /** What the copy button is called. */
  copy: string;
  /** The name of the link that leads there; none where nobody answers. */
  open?: string | null;
  id: string;
}

/** Where a trigger is reached, ready to copy, or to open. */
export function Address({ title, methods, url, copy, open, id }: AddressProps) {
  return (
    <div>
      <div className="mb-1 font-medium text-xs">{title}</div>
      <div className="flex items-center gap-1.5">
        {methods && (
          <span className="rounded-sm bg-surface-3 px-1.5 py-0.5 font-medium font-mono text-2xs text-ink-2">
            {methods.join(" ")}
          </span>
        )}
        <code className="min-w-0 flex-1 break-all font-mono text-xs" data-testid={id}>
          {url}
        </code>
        {open && (
          <a
            href={url}
            target="_blank"
            rel="noreferrer"
            aria-label={open}
            className="font-medium text-accent text-xs hover:underline"
          >
            {strings.editor.open}
          </a>
        )}
        <CopyButton text={url} label={copy} />
      </div>
    </div>
  );
}
