import { useContext, useState } from "react";
import { useNextFires } from "../api/queries";
import { strings } from "../strings";
import { Input } from "../ui/Form";
import { Select } from "../ui/Select";
import { timeIn } from "../ui/time";
import { useSettled } from "../ui/useSettled";
import type { ControlIds } from "./controls";
import { lineOf, type Rule, type RuleKind, rateOf, ruleOf, ruleOfKind } from "./cron";
import { RuleFields } from "./RuleFields";
import { ZoneContext } from "./scope";

interface CronFieldProps {
  ids: ControlIds;
  value: string;
  placeholder?: string | undefined;
  onChange(value: string): void;
}

const t = strings.fields;
const FEW = 3;

/** When a schedule fires: a form for what is common, the line itself, and the times that come of it. */
export function CronField({ ids, value, placeholder, onChange }: CronFieldProps) {
  const rate = rateOf(value);
  const zone = useContext(ZoneContext);
  const { data } = useNextFires(useSettled(value.trim()), zone);
  const [all, setAll] = useState(false);
  const next = data?.next ?? [];
  const times = next.slice(0, all ? next.length : FEW).map((iso) => ({ iso, ...timeIn(iso, zone) }));
  const clocksChange = new Set(times.map(({ offset }) => offset)).size > 1;
  // A form that is not whole yet (no weekday, say) is kept here: the line stays what it was.
  const [draft, setDraft] = useState<Rule | null>(null);
  const [byHand, setByHand] = useState(false);
  const rule = byHand ? null : (draft ?? ruleOf(value));
  const change = (now: Rule) => {
    const line = lineOf(now);
    setDraft(line === null ? now : null);
    if (line !== null) onChange(line);
  };
  return (
    <div className="space-y-2">
      <Select
        label={t.cronPreset}
        value={rule?.kind ?? "custom"}
        onChange={(kind) => {
          setByHand(kind === "custom");
          setDraft(null);
          if (kind !== "custom") change(ruleOfKind(kind as RuleKind, rule, new Date()));
        }}
        options={Object.entries(t.rule.kinds).map(([kind, label]) => ({ value: kind, label }))}
      />
      {rule && <RuleFields rule={rule} onChange={change} />}
      <Input
        {...ids}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        className="font-mono"
        onChange={(event) => {
          setDraft(null);
          onChange(event.target.value);
        }}
      />
      {/* Once it is saved the form says so itself. */}
      {data?.error && !ids["aria-invalid"] && <p className="text-bad text-xs">{data.error}</p>}
      {rate && <p className="text-ink-2 text-xs">{t.rate(rate)}</p>}
      {times.length > 0 && (
        <div className="rounded-md bg-surface-2 px-2.5 py-1.5 text-ink-2 text-xs">
          <span className="text-ink-3">{t.cronNext(zone)}</span>
          <ul className="tabular">
            {times.map(({ iso, text, offset }) => (
              <li key={iso}>
                {text}
                {clocksChange && <span className="text-ink-3">{` ${offset}`}</span>}
              </li>
            ))}
          </ul>
          {next.length > FEW && (
            <button type="button" className="mt-1 text-accent hover:underline" onClick={() => setAll(!all)}>
              {all ? t.cronFewer : t.cronMore(next.length)}
            </button>
          )}
          {clocksChange && <p className="mt-1 text-ink-3">{t.cronClocks}</p>}
        </div>
      )}
    </div>
  );
}
