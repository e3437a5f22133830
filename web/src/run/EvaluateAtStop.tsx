import { ChevronsRight } from "lucide-react";
import { useState } from "react";
import { evaluateAt, type Ports } from "../api/debugging";
import { strings } from "../strings";
import { Button } from "../ui/Button";
import { cx } from "../ui/cx";
import { Input } from "../ui/Form";
import { messageOf } from "../ui/message";
import type { StopState } from "./stops";

const t = strings.debug;

interface EvaluateAtStopProps {
  executionId: string;
  stop: StopState;
  items: Ports | null;
}

/** An expression on what waits, as it stands in the editor beside it. */
export function EvaluateAtStop({ executionId, stop, items }: EvaluateAtStopProps) {
  const [text, setText] = useState("");
  const [index, setIndex] = useState(0);
  const [given, setGiven] = useState<{ value: string; wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);
  const evaluate = async () => {
    setBusy(true);
    try {
      const wanted = text.includes("{{") ? text : `{{ ${text} }}`;
      const { value, error } = await evaluateAt(executionId, stop.id, wanted, index, items);
      setGiven(error ? { value: error.message, wrong: true } : { value: shownValue(value), wrong: false });
    } catch (error) {
      setGiven({ value: Object.values(messageOf(error)).filter(Boolean).join(". "), wrong: true });
    } finally {
      setBusy(false);
    }
  };
  return (
    <section aria-label={t.evaluate} className="min-w-0">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (text.trim()) void evaluate();
        }}
      >
        <div className="mb-1 flex min-h-6 items-center font-medium text-xs">{t.evaluate}</div>
        <div className="flex gap-1.5">
          <div className="min-w-0 flex-1">
            <Input
              aria-label={t.expression}
              value={text}
              placeholder={t.expressionHint}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => setText(event.target.value)}
              className="font-mono"
            />
          </div>
          <div className="w-16 shrink-0">
            <Input
              aria-label={t.item}
              title={t.item}
              type="number"
              min={0}
              value={index}
              onChange={(event) => setIndex(Math.max(0, Math.floor(Number(event.target.value)) || 0))}
            />
          </div>
          <Button type="submit" busy={busy} disabled={!text.trim()} icon={<ChevronsRight size={14} />}>
            {t.evaluate}
          </Button>
        </div>
      </form>
      <output
        aria-label={t.gives}
        className={cx(
          "mt-2 block max-h-40 overflow-auto whitespace-pre-wrap break-words font-mono text-xs",
          given?.wrong ? "text-bad" : "text-ink",
        )}
      >
        {given?.value ?? ""}
      </output>
    </section>
  );
}

function shownValue(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "undefined");
}
