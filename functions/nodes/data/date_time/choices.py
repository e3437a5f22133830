"""What may be chosen in the date and time node."""

from typing import Final, Literal

Operation = Literal[
    "now",
    "add",
    "subtract",
    "difference",
    "format",
    "parse",
    "round",
    "startOf",
    "endOf",
    "extract",
    "convertZone",
    "between",
]
Unit = Literal[
    "years", "quarters", "months", "weeks", "days", "hours", "minutes", "seconds", "milliseconds"
]  # from the longest to the shortest
UNITS: Final[tuple[Unit, ...]] = (
    "years",
    "quarters",
    "months",
    "weeks",
    "days",
    "hours",
    "minutes",
    "seconds",
    "milliseconds",
)
Period = Literal["year", "quarter", "month", "week", "day", "hour", "minute", "second"]
PERIODS: Final[tuple[Period, ...]] = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")
Part = Literal[
    "year",
    "quarter",
    "month",
    "monthName",
    "week",
    "weekYear",
    "weekday",
    "weekdayName",
    "day",
    "dayOfYear",
    "daysInMonth",
    "hour",
    "minute",
    "second",
    "millisecond",
    "offsetMinutes",
    "isLeapYear",
    "isDaylightSaving",
    "all",
]
PARTS: Final = {
    "year": "Year",
    "quarter": "Quarter",
    "month": "Month",
    "monthName": "Month's name",
    "week": "Week (ISO 8601)",
    "weekYear": "Year of the week",
    "weekday": "Weekday, Monday is 1",
    "weekdayName": "Weekday's name",
    "day": "Day of the month",
    "dayOfYear": "Day of the year",
    "daysInMonth": "Days of the month",
    "hour": "Hour",
    "minute": "Minute",
    "second": "Second",
    "millisecond": "Millisecond",
    "offsetMinutes": "Minutes before UTC",
    "isLeapYear": "Whether a leap year",
    "isDaylightSaving": "Whether daylight-saving time",
    "all": "All of them",
}
FormatAs = Literal["custom", "iso", "isoDate", "isoTime", "sql", "http", "rfc2822", "seconds", "milliseconds"]
