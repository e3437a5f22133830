"""What the page of the date and time node says."""

from typing import Final

DOCS: Final = """\
Works with dates and times, one for each item. Calendars are Gregorian, years 1 to 9999; results are exact to the
millisecond.

**Dates.** ISO 8601 in all its forms (`2026-12-24`, `2026-12-24T18:00+01:00`, `2026-W52-4`), as mails and HTTP write
them, a number or at least ten digits as milliseconds since 1970, as JavaScript counts, or any form with *The date's
format*. *Numbers are* takes them as seconds (Unix time), or by their size: `1798135200` is in 1970 as milliseconds, and
in 2026 as seconds. A number that is most likely seconds, read as milliseconds, is a warning in the log. Text without
an offset is in *Time zone of dates without an offset*.

**Formats** are Luxon's tokens, as `$now.toFormat(...)` has them: `yyyy` `yy` year, `M` `MM` `MMM` `MMMM` month, `d`
`dd` day, `o` `ooo` day of the year, `E` `EEE` `EEEE` weekday, `W` `WW` week and `kkkk` its year, `q` quarter, `H` `HH`
hour, `h` `hh` with `a` for AM and PM, `m` `mm` minute, `s` `ss` second, `S` `SSS` milliseconds, `Z` `ZZ` `ZZZ` offset,
`z` zone, `X` seconds and `x` milliseconds since 1970, `D` to `DDDD`, `t`, `T`, `f` and their like as the language
writes them. Text in 'quotes' stays. A format that is written as moment.js has it (`YYYY-MM-DD`, where Luxon's `DD` is a
whole date) is an error that says how Luxon writes it; `mm` where months are likely meant, a warning in the log.

**Adding.** Years, quarters, months, weeks and days keep the time on the clock; 31 January and a month is 28 or 29
February. Hours and what is shorter are added to the moment, over changes of the clocks.

**Changes of the clocks.** A local time that clocks skip (02:30 when they go from 2 to 3) is as much later, one that
they repeat is the first of both; both can be told otherwise, or to fail, in the options.

**Output.** The item, with the result in *Write to field*: a date in ISO 8601 with its offset; of *Time between two
dates* an object `{"days": 3.5}` or a duration `P3DT12H`, negative where the second date is earlier; of *Extract a
part* a number, name or object; of *Is a date between* true or false, whichever of the bounds is the earlier.

**Errors.** `DateInvalid`: the value is no date (30 February too) or does not fit its format, the format, time zone or
unit is none, the result is outside the years 1 to 9999, or a local time is skipped or repeated where that is to fail.

**Example.** *Add*, date `{{ $json.ordered }}`, 14 days, field `due`.
"""
