import { useContext } from "react";
import { useNextFires } from "../api/queries";
import { strings } from "../strings";
import { Input } from "../ui/Form";
import { Select } from "../ui/Select";
import { timeIn } from "../ui/time";
import { useSettled } from "../ui/useSettled";
import type { ControlIds } from "./controls";
import { rateOf } from "./cron";
import { ZoneContext } from "./scope";

interface CronFieldProps {
  ids: ControlIds;
  value: string;
  placeholder?: string | undefined;
  onChange(value: string): void;
}

const t = strings.fields;
const SHOWN = 3;

/** When a schedule fires: common choices, the expression itself, and the times that come of it. */
export function CronField({ ids, value, placeholder, onChange }: CronFieldProps) {
  const rate = rateOf(value);
  const zone = useContext(ZoneContext);
  const { data } = useNextFires(useSettled(value.trim()), zone);
  const times = (data?.next ?? []).slice(0, SHOWN).map((iso) => ({ iso, ...timeIn(iso, zone) }));
  const clocksChange = new Set(times.map(({ offset }) => offset)).size > 1;
  const preset = value in t.cronPresets ? value : "custom";
  return (
    <div className="space-y-2">
      <Select
        label={t.cronPreset}
        value={preset}
        onChange={(next) => next !== "custom" && onChange(next)}
        options={[
          ...Object.entries(t.cronPresets).map(([expression, label]) => ({ value: expression, label })),
          { value: "custom", label: t.cronCustom },
        ]}
      />
      <Input
        {...ids}
        value={value}
        placeholder={placeholder}
        spellCheck={false}
        className="font-mono"
        onChange={(event) => onChange(event.target.value)}
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
          {clocksChange && <p className="mt-1 text-ink-3">{t.cronClocks}</p>}
        </div>
      )}
    </div>
  );
}
