import { strings } from "../strings";
import { cx } from "../ui/cx";
import { Input } from "../ui/Form";
import { Select } from "../ui/Select";
import { MOST_EVERY, type Rule } from "./cron";

const t = strings.fields.rule;
const DAYS = [...Array.from({ length: 31 }, (_, index) => String(index + 1)), "L", "LW"];
const WEEK = [1, 2, 3, 4, 5, 6, 0];

/** The form of a schedule: how often, on which days, at what time. */
export function RuleFields({ rule, onChange }: { rule: Rule; onChange(rule: Rule): void }) {
  const { kind } = rule;
  return (
    <div className="flex flex-wrap items-end gap-2">
      {kind !== "once" && (
        <Small label={t.every(kind)}>
          <Input
            type="number"
            className="w-20"
            min={1}
            max={MOST_EVERY[kind]}
            value={Number.isNaN(rule.every) ? "" : rule.every}
            aria-label={t.every(kind)}
            onChange={(event) => onChange({ ...rule, every: event.target.valueAsNumber })}
          />
        </Small>
      )}
      {kind === "hours" && 24 % rule.every === 0 && (
        <Small label={t.minute}>
          <Input
            type="number"
            className="w-20"
            min={0}
            max={59}
            value={rule.minute}
            aria-label={t.minute}
            onChange={(event) => {
              const minute = event.target.valueAsNumber;
              if (minute >= 0 && minute < 60) onChange({ ...rule, minute: Math.floor(minute) });
            }}
          />
        </Small>
      )}
      {kind === "weeks" && (
        <fieldset className="flex flex-wrap gap-1">
          <legend className="mb-1 text-ink-3 text-xs">{t.weekdays}</legend>
          {WEEK.map((day) => (
            <Weekday key={day} day={day} rule={rule} onChange={onChange} />
          ))}
        </fieldset>
      )}
      {kind === "months" && (
        <Small label={t.day}>
          <Select
            label={t.day}
            value={rule.day}
            onChange={(day) => onChange({ ...rule, day })}
            options={DAYS.map((day) => ({ value: day, label: t.dayNames[day] ?? day }))}
          />
        </Small>
      )}
      {(kind === "days" || kind === "weeks" || kind === "months") && (
        <Small label={t.time}>
          <Input
            type="time"
            className="w-28"
            value={rule.time}
            aria-label={t.time}
            onChange={(event) => onChange({ ...rule, time: event.target.value })}
          />
        </Small>
      )}
      {kind === "once" && (
        <Small label={t.at}>
          <Input
            type="datetime-local"
            value={rule.at}
            aria-label={t.at}
            onChange={(event) => onChange({ ...rule, at: event.target.value.slice(0, 16) })}
          />
        </Small>
      )}
    </div>
  );
}

function Small({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div>
      <div className="mb-1 text-ink-3 text-xs" aria-hidden="true">
        {label}
      </div>
      {children}
    </div>
  );
}

function Weekday({ day, rule, onChange }: { day: number; rule: Rule; onChange(rule: Rule): void }) {
  const on = rule.weekdays.includes(day);
  const without = rule.weekdays.filter((one) => one !== day);
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={t.weekdayNames[day]}
      className={cx(
        "h-8 min-w-9 rounded-md border px-1.5 text-xs",
        on ? "border-accent bg-accent-soft font-medium text-accent" : "border-line text-ink-2 hover:bg-surface-2",
      )}
      onClick={() => onChange({ ...rule, weekdays: on ? without : [...without, day] })}
    >
      {t.weekdayNames[day]?.slice(0, 2)}
    </button>
  );
}
