import { useContext } from "react";
import { strings } from "../strings";
import { Input } from "../ui/Form";
import { Select } from "../ui/Select";
import { dateTime } from "../ui/time";
import type { ControlIds } from "./controls";
import { nextTimes, parseCron, rateOf, wallClock } from "./cron";
import { ZoneContext } from "./scope";

interface CronFieldProps {
  ids: ControlIds;
  value: string;
  placeholder?: string | undefined;
  onChange(value: string): void;
}

const t = strings.fields;

/** When a schedule fires: common choices, the expression itself, and the times that come of it. */
export function CronField({ ids, value, placeholder, onChange }: CronFieldProps) {
  const rate = rateOf(value);
  const zone = useContext(ZoneContext);
  const times = rate ? [] : nextTimes(value, nowIn(zone), 3);
  const wrong = value.trim() !== "" && !rate && !parseCron(value);
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
      {wrong && <p className="text-bad text-xs">{t.cronWrong}</p>}
      {rate && <p className="text-ink-2 text-xs">{t.rate(rate)}</p>}
      {times.length > 0 && (
        <div className="rounded-md bg-surface-2 px-2.5 py-1.5 text-ink-2 text-xs">
          <span className="text-ink-3">{t.cronNext(zone)}</span>
          <ul className="tabular">
            {times.map((time) => (
              <li key={time.getTime()}>{dateTime(time.toISOString())}</li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** The time it is in a zone; here, where the zone is not one yet. */
function nowIn(zone: string): Date {
  try {
    return wallClock(new Date(), zone);
  } catch {
    return new Date();
  }
}
