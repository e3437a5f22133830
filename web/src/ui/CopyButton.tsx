import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { strings } from "../strings";
import { IconButton } from "./Button";
import { toast } from "./toasts";

export function CopyButton({ text, label, small = true }: { text: string; label: string; small?: boolean }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => toast({ tone: "bad", title: strings.errors.clipboard }),
    );
  };
  return (
    <IconButton label={copied ? strings.common.copied : label} onClick={copy} small={small}>
      {copied ? <Check size={14} className="text-ok" /> : <Copy size={14} />}
    </IconButton>
  );
}
