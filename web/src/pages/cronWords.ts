import cronstrue from "cronstrue";
import { rateOf } from "../fields/cron";
import { strings } from "../strings";

const ANY_DAY = /^[*?](\/1)?$/;

const TURNS = /\s+every\s+\d+\s+(?:day|week|month)s?(?:\s+from\s+\d{4}-\d{2}-\d{2})?$/i;
const ONCE = /^at\(\s*(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?\s*\)$/i;

/** When schedules fire that stand under one another, in words; a line itself where there are none for it. */
export function cronWords(expression: string): string {
  return expression.split("\n").map(lineWords).join("; ");
}

function lineWords(expression: string): string {
  const turns = TURNS.exec(expression.trim());
  if (turns)
    return `${lineWords(expression.trim().slice(0, turns.index))},${turns[0].replace(/\s+/g, " ").toLowerCase()}`;
  const once = ONCE.exec(expression.trim());
  if (once) return strings.fields.once(`${once[1]} ${once[2]}`);
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
