/** The days of a month's calendar, and what falls on them. Pure; days are those of the browser's time zone. */

export interface CalendarDay {
  /** `2026-11-23` */
  key: string;
  date: Date;
  inMonth: boolean;
}

export function keyOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whole weeks from Monday that hold a month. */
export function weeksOf(month: Date): CalendarDay[][] {
  const first = new Date(month.getFullYear(), month.getMonth(), 1);
  const before = (first.getDay() + 6) % 7;
  const weeks: CalendarDay[][] = [];
  for (let offset = -before; ; ) {
    const week: CalendarDay[] = [];
    for (let day = 0; day < 7; day += 1, offset += 1) {
      const date = new Date(month.getFullYear(), month.getMonth(), 1 + offset);
      week.push({ key: keyOf(date), date, inMonth: date.getMonth() === month.getMonth() });
    }
    weeks.push(week);
    const next = new Date(month.getFullYear(), month.getMonth(), 1 + offset);
    if (next.getMonth() !== month.getMonth()) return weeks;
  }
}

export interface Fire {
  scheduleId: string;
  at: Date;
}

/** Fires by day, in order of time. */
export function byDay(schedules: readonly { scheduleId: string; at: readonly string[] }[]): Map<string, Fire[]> {
  const all = schedules.flatMap(({ scheduleId, at }) => at.map((one) => ({ scheduleId, at: new Date(one) })));
  all.sort((one, other) => one.at.getTime() - other.at.getTime());
  const days = new Map<string, Fire[]>();
  for (const fire of all) {
    const key = keyOf(fire.at);
    const list = days.get(key);
    if (list) list.push(fire);
    else days.set(key, [fire]);
  }
  return days;
}
