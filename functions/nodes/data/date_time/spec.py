"""The date and time node as a value."""

from typing import Any, Final, Literal

from functions.nodes.data.date_time.choices import PARTS, PERIODS, UNITS, FormatAs, Operation, Part, Period, Unit
from functions.nodes.data.date_time.docs import DOCS
from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import Category, Emits, NodeSpec, Port
from stepweave.spec.parts import Text, keep_other_fields_field, result_field

_DATED: Final = [
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
_MOVES: Final = ["add", "subtract"]


class Params(NodeParams):
    """What to do with which date."""

    operation: Operation = ui(
        "now",
        title="Operation",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("now", "Current date and time"),
            ("add", "Add to a date"),
            ("subtract", "Subtract from a date"),
            ("difference", "Time between two dates"),
            ("format", "Format a date"),
            ("parse", "Read a date from text"),
            ("round", "Round a date"),
            ("startOf", "Start of a period"),
            ("endOf", "End of a period"),
            ("extract", "Extract a part"),
            ("convertZone", "Convert to a time zone"),
            ("between", "Is a date between two others"),
        ],
    )
    include_time: bool = ui(
        True,
        title="With the time",
        kind=Kind.BOOLEAN,
        expression=False,
        help="Off: today's midnight.",
        show_when={"operation": ["now"]},
    )
    date: Any = ui(
        None,
        title="Date",
        kind=Kind.TEXT,
        placeholder="{{ $json.created }}",
        help="ISO 8601 (2026-12-24T18:00), as mails write it, a number since 1970, or in a format of its own.",
        show_when={"operation": _DATED},
        required_when_shown=True,
    )
    from_format: Text = ui(
        "",
        title="The date's format",
        kind=Kind.TEXT,
        placeholder="dd.MM.yyyy HH:mm",
        help="Luxon's tokens; X are seconds and x milliseconds since 1970. Empty: it is recognised.",
        show_when={"operation": _DATED},
        max_length=500,
    )
    amount: float = ui(
        1,
        title="Amount",
        kind=Kind.NUMBER,
        help="May be negative.",
        show_when={"operation": _MOVES},
        allow_inf_nan=False,
    )
    unit: Unit = ui(
        "days",
        title="Unit",
        kind=Kind.SELECT,
        expression=False,
        options=[(unit, unit.capitalize()) for unit in UNITS],
        show_when={"operation": _MOVES},
    )
    other_date: Any = ui(
        None,
        title="To date",
        kind=Kind.TEXT,
        placeholder="{{ $now }}",
        show_when={"operation": ["difference"]},
        required_when_shown=True,
    )
    units: Text = ui(
        "days",
        title="In units",
        kind=Kind.TEXT,
        placeholder="years, months, days",
        help=f"One or several of: {', '.join(UNITS)}. The shortest may have a fraction.",
        show_when={"operation": ["difference"]},
        max_length=200,
    )
    iso_duration: bool = ui(
        False,
        title="Write the difference as ISO 8601",
        kind=Kind.BOOLEAN,
        expression=False,
        help="P1Y2M3D in place of an object.",
        show_when={"operation": ["difference"]},
    )
    format_as: FormatAs = ui(
        "custom",
        title="Format",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("custom", "Custom"),
            ("iso", "ISO 8601: 2026-12-24T18:00:00.000+01:00"),
            ("isoDate", "ISO 8601, the date: 2026-12-24"),
            ("isoTime", "ISO 8601, the time: 18:00:00.000+01:00"),
            ("sql", "SQL: 2026-12-24 18:00:00.000 +01:00"),
            ("http", "HTTP: Thu, 24 Dec 2026 17:00:00 GMT"),
            ("rfc2822", "Mail: Thu, 24 Dec 2026 18:00:00 +0100"),
            ("seconds", "Seconds since 1970"),
            ("milliseconds", "Milliseconds since 1970"),
        ],
        show_when={"operation": ["format"]},
    )
    format: Text = ui(
        "yyyy-MM-dd",
        title="Custom format",
        kind=Kind.TEXT,
        placeholder="d MMMM yyyy, HH:mm",
        help="Luxon's tokens; text goes into 'quotes'.",
        show_when={"operation": ["format"], "formatAs": ["custom"]},
        required_when_shown=True,
        max_length=500,
    )
    period: Period = ui(
        "day",
        title="Period",
        kind=Kind.SELECT,
        expression=False,
        options=[(period, period.capitalize()) for period in PERIODS],
        show_when={"operation": ["round", "startOf", "endOf"]},
    )
    direction: Literal["nearest", "down", "up"] = ui(
        "nearest",
        title="Round",
        kind=Kind.SELECT,
        expression=False,
        options=[("nearest", "To the nearest"), ("down", "Down"), ("up", "Up")],
        show_when={"operation": ["round"]},
    )
    multiple: int = ui(
        1,
        title="To a multiple of",
        kind=Kind.NUMBER,
        help="15 with minutes rounds to quarters of an hour. More than 1 goes with hours, minutes and seconds.",
        show_when={"operation": ["round"]},
        ge=1,
        le=10_000,
    )
    part: Part = ui(
        "month",
        title="Part",
        kind=Kind.SELECT,
        expression=False,
        options=list(PARTS.items()),
        show_when={"operation": ["extract"]},
    )
    start: Any = ui(None, title="From", kind=Kind.TEXT, show_when={"operation": ["between"]}, required_when_shown=True)
    end: Any = ui(None, title="To", kind=Kind.TEXT, show_when={"operation": ["between"]}, required_when_shown=True)
    bounds: Literal["both", "start", "end", "none"] = ui(
        "both",
        title="The bounds themselves count",
        kind=Kind.SELECT,
        expression=False,
        options=[("both", "Both"), ("start", "The first"), ("end", "The last"), ("none", "Neither")],
        show_when={"operation": ["between"]},
    )
    zone: Text = ui(
        "",
        title="Time zone",
        kind=Kind.TIME_ZONE,
        help="That the result is in, and days begin in. Empty: the workflow's.",
        max_length=64,
    )
    output_field: str = result_field("date")
    from_zone: Text = ui(
        "",
        title="Time zone of dates without an offset",
        kind=Kind.TIME_ZONE,
        placeholder="The time zone above",
        group="options",
        max_length=64,
    )
    numbers: Literal["milliseconds", "seconds", "auto"] = ui(
        "milliseconds",
        title="Numbers are",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("milliseconds", "Milliseconds since 1970"),
            ("seconds", "Seconds since 1970"),
            ("auto", "Seconds up to eleven digits, else milliseconds"),
        ],
        help="Of dates without a format.",
        show_when={"operation": _DATED},
        group="options",
    )
    repeated: Literal["earlier", "later", "fail"] = ui(
        "earlier",
        title="A local time that clocks repeat",
        kind=Kind.SELECT,
        expression=False,
        options=[("earlier", "Is the first"), ("later", "Is the second"), ("fail", "Fails")],
        group="options",
    )
    skipped: Literal["forward", "back", "fail"] = ui(
        "forward",
        title="A local time that clocks skip",
        kind=Kind.SELECT,
        expression=False,
        options=[("forward", "Is as much later"), ("back", "Is as much earlier"), ("fail", "Fails")],
        group="options",
    )
    week_start: Literal["monday", "sunday", "saturday"] = ui(
        "monday",
        title="Weeks begin on",
        kind=Kind.SELECT,
        expression=False,
        options=[("monday", "Monday"), ("sunday", "Sunday"), ("saturday", "Saturday")],
        show_when={"operation": ["round", "startOf", "endOf"]},
        group="options",
    )
    locale: Text = ui(
        "en",
        title="Language of names",
        kind=Kind.TEXT,
        placeholder="de or pt-BR",
        show_when={"operation": _DATED},
        group="options",
        max_length=40,
    )
    keep_other_fields: bool = keep_other_fields_field()


SPEC = NodeSpec(
    type="date_time",
    name="Date & time",
    category=Category.DATA,
    icon="calendar-days",
    summary="Reads, moves, compares, rounds and writes dates and times.",
    docs=DOCS,
    params=Params,
    outputs=(Port("main", emits=Emits.ALWAYS),),
    layers=("locales",),
    subtitle="{operation}",
    timeout_seconds=30,
    errors=("DateInvalid",),
    output_example=({"date": "2026-12-24T18:00:00.000+01:00"},),
)
