import { Bug, StepForward, Trash2 } from "lucide-react";
import { useState } from "react";
import { idle, keyOf, nameOf } from "../../graph/breakpoints";
import { strings } from "../../strings";
import { Button, IconButton } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Dialog } from "../../ui/Dialog";
import { Field, Input } from "../../ui/Form";
import { useDocument, useEditor } from "../store";
import { BreakpointDot } from "./BreakpointMark";
import { change, MOST_MINUTES, setCondition, toggleBreakpoint, useDebugging } from "./breakpoints";

const t = strings.debug;

interface BreakpointsDialogProps {
  onClose(): void;
  /** Starts a debug run. */
  onStart(stepwise: boolean): void;
}

/** All breakpoints with their conditions, and what else decides where a debug run stops. */
export function BreakpointsDialog({ onClose, onStart }: BreakpointsDialogProps) {
  const document = useDocument();
  const catalogue = useEditor((state) => state.catalogue);
  const { breakpoints, onError, minutes } = useDebugging();
  const [typed, setTyped] = useState(String(minutes));
  const wrong = !/^\d+$/.test(typed) || Number(typed) < 1 || Number(typed) > MOST_MINUTES;
  const start = (stepwise: boolean) => {
    onClose();
    onStart(stepwise);
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => !open && onClose()}
      title={t.breakpoints}
      description={t.listText}
      footer={
        <>
          <Button onClick={onClose}>{strings.common.close}</Button>
          <Button disabled={wrong} icon={<StepForward size={14} />} onClick={() => start(true)}>
            {t.stepwise}
          </Button>
          <Button variant="primary" disabled={wrong} icon={<Bug size={14} />} onClick={() => start(false)}>
            {t.start}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {breakpoints.length === 0 ? (
          <p className="text-ink-2 text-sm">{t.none}</p>
        ) : (
          <ul aria-label={t.breakpoints} className="space-y-2">
            {breakpoints.map((one) => {
              const name = nameOf(document, one);
              const why = idle(document, catalogue, one);
              return (
                <li key={keyOf(one)}>
                  <div className="flex items-center gap-2">
                    <BreakpointDot hollow={why !== null} conditional={one.condition.trim() !== ""} />
                    <span className="min-w-0 flex-1 basis-1/3 truncate text-sm" title={name}>
                      {name}
                    </span>
                    <Input
                      aria-label={t.conditionOf(name)}
                      value={one.condition}
                      maxLength={2000}
                      placeholder={t.conditionHint}
                      spellCheck={false}
                      autoComplete="off"
                      onChange={(event) => setCondition(one, event.target.value)}
                      className="min-w-0 flex-1 basis-1/2 font-mono"
                    />
                    <IconButton label={t.clearAt(name)} onClick={() => toggleBreakpoint(one)}>
                      <Trash2 size={14} />
                    </IconButton>
                  </div>
                  {why && <p className="mt-0.5 pl-5 text-warn text-xs">{t.idle[why]}</p>}
                </li>
              );
            })}
          </ul>
        )}
        <div className="flex items-start gap-2">
          <Checkbox
            id="debug-on-error"
            checked={onError}
            onChange={(next) => change({ onError: next })}
            className="mt-0.5"
          />
          <label htmlFor="debug-on-error" className="text-sm">
            {t.onError}
            <span className="block text-ink-3 text-xs">{t.onErrorHelp}</span>
          </label>
        </div>
        <div className="max-w-60">
          <Field label={t.minutes} help={t.minutesHelp} error={wrong ? t.minutesWrong : undefined}>
            {(ids) => (
              <Input
                {...ids}
                inputMode="numeric"
                value={typed}
                onChange={(event) => {
                  setTyped(event.target.value);
                  const read = Number(event.target.value);
                  if (/^\d+$/.test(event.target.value) && read >= 1 && read <= MOST_MINUTES) change({ minutes: read });
                }}
              />
            )}
          </Field>
        </div>
      </div>
    </Dialog>
  );
}
