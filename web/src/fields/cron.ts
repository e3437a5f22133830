/** Five-field cron expressions and rates: what they say, and when they fire next. */

const FIELDS: { min: number; max: number; names?: string[] }[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] },
  { min: 0, max: 7, names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
];

const RATE = /^rate\((\d+) (minutes?|hours?|days?)\)$/;

/** `15 minutes` of `rate(15 minutes)`; null for anything else. */
export function rateOf(expression: string): string | null {
  const match = RATE.exec(expression.trim());
  return match ? `${match[1]} ${match[2]}` : null;
}

/** What the clocks on the walls of a time zone show at a moment, as a date without a zone. Raises RangeError: no such zone. */
export function wallClock(moment: Date, zone: string): Date {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(moment).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return new Date(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
}

type Sets = [Set<number>, Set<number>, Set<number>, Set<number>, Set<number>];

/** The values each field allows, or null when the expression is none. */
export function parseCron(expression: string): Sets | null {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== 5) return null;
  const sets = parts.map((part, index) => parseField(part, index));
  if (sets.some((set) => set === null)) return null;
  const days = sets[4];
  if (days?.has(7)) days.add(0);
  return sets as Sets;
}

function parseField(text: string, index: number): Set<number> | null {
  const field = FIELDS[index];
  if (!field) return null;
  const values = new Set<number>();
  for (const part of text.split(",")) {
    const match = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part);
    if (!match) return null;
    const [, first = "", last, step] = match;
    const any = first === "*" || first === "?";
    const from = any ? field.min : numberOf(first, field);
    const to = last !== undefined ? numberOf(last, field) : any || step !== undefined ? field.max : from;
    const by = step === undefined ? 1 : Number(step);
    if (from === null || to === null || from < field.min || to > field.max || from > to || by < 1) return null;
    for (let value = from; value <= to; value += by) values.add(value);
  }
  return values;
}

function numberOf(text: string, field: { min: number; names?: string[] }): number | null {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return named + field.min;
  return /^\d+$/.test(text) ? Number(text) : null;
}

/**
 * The next `count` times from `after` on, as wall-clock times without a zone (the zone of the schedule). When both day
 * fields are restricted either may match, as cron has it.
 */
export function nextTimes(expression: string, after: Date, count: number): Date[] {
  const sets = parseCron(expression);
  if (!sets) return [];
  const [minutes, hours, days, months, weekdays] = sets;
  const [, , dayText, , weekdayText] = expression.trim().split(/\s+/);
  const anyDay = /^[*?]$/.test(dayText ?? "*");
  const anyWeekday = /^[*?]$/.test(weekdayText ?? "*");
  const found: Date[] = [];
  const time = new Date(after);
  time.setSeconds(0, 0);
  time.setMinutes(time.getMinutes() + 1);
  const limit = after.getTime() + 366 * 4 * 86_400_000;
  while (found.length < count && time.getTime() < limit) {
    const dayFits = days.has(time.getDate());
    const weekdayFits = weekdays.has(time.getDay());
    const fits = anyDay ? weekdayFits : anyWeekday ? dayFits : dayFits || weekdayFits;
    if (!months.has(time.getMonth() + 1) || !fits) {
      time.setDate(time.getDate() + 1);
      time.setHours(0, 0);
    } else if (!hours.has(time.getHours())) {
      time.setHours(time.getHours() + 1, 0);
    } else {
      if (minutes.has(time.getMinutes())) found.push(new Date(time));
      time.setMinutes(time.getMinutes() + 1);
    }
  }
  return found;
}
