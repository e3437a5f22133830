import { useContext } from "react";
import { useNextFires } from "../api/queries";
import { strings } from "../strings";
import { Input } from "../ui/Form";
import { Select } from "../ui/Select";
import { dateTimeIn } from "../ui/time";
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
  const times = data?.next.slice(0, SHOWN) ?? [];
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
      {data?.error && <p className="text-bad text-xs">{data.error}</p>}
      {rate && <p className="text-ink-2 text-xs">{t.rate(rate)}</p>}
      {times.length > 0 && (
        <div className="rounded-md bg-surface-2 px-2.5 py-1.5 text-ink-2 text-xs">
          <span className="text-ink-3">{t.cronNext(zone)}</span>
          <ul className="tabular">
            {times.map((time) => (
              <li key={time}>{dateTimeIn(time, zone)}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}
