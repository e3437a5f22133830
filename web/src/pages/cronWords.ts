import cronstrue from "cronstrue";
import { rateOf } from "../fields/cron";
import { strings } from "../strings";

const ANY_DAY = /^[*?](\/1)?$/;

/** When a schedule fires, in words; the line itself where there are none for it. */
export function cronWords(expression: string): string {
  const rate = rateOf(expression);
  if (rate) return strings.fields.rate(rate);
  try {
    const fields = expression.trim().split(/\s+/);
    const [minute, hour, day = "", month, weekday = ""] = fields;
    const time = `${minute} ${hour}`;
    const weekdays = named(weekday);
    if (fields.length !== 5) return words(expression);
    if (ANY_DAY.test(day) || ANY_DAY.test(weekday)) return words(`${time} ${day} ${month} ${weekdays}`);
    return whole(time, day, month ?? "*", weekdays, /^[*?]/.test(day) || /^[*?]/.test(weekday));
  } catch {
    return expression;
  }
}

/** Both day fields: cronstrue joins them the same way whether both must fit or one is enough. */
function whole(time: string, day: string, month: string, weekday: string, both: boolean): string {
  const start = words(`${time} * * *`);
  const rest = (fields: string) => words(`${time} ${fields}`).slice(start.length).replace(/^, /, "");
  const [days, weekdays] = [rest(`${day} * *`), rest(`* * ${weekday}`)];
  const joined = both ? strings.fields.bothDays(days, weekdays) : strings.fields.eitherDay(days, weekdays);
  return [start, joined, rest(`* ${month} *`)].filter(Boolean).join(", ");
}

/** Steps among weekdays as the days they are: `*\/3` says little about which. */
function named(weekday: string): string {
  const step = /^\*\/([1-7])$/.exec(weekday);
  if (!step) return weekday;
  return [0, 1, 2, 3, 4, 5, 6].filter((number) => number % Number(step[1]) === 0).join(",");
}

const words = (line: string) => cronstrue.toString(line, { use24HourTimeFormat: true });
