"""A field of a form as parameters: what it is called, what may be filled in, and how it is shown.

Longer than other files: a field of every kind is one form, whose fields stand here in their order.
"""

from typing import Any, Final, Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.parts import Lines, Text

FieldType = Literal[
    "text",
    "longText",
    "number",
    "email",
    "url",
    "phone",
    "password",
    "date",
    "time",
    "dateTime",
    "choice",
    "boolean",
    "rating",
    "hidden",
    "file",
    "info",
]
MOST_FIELDS: Final = 100
MOST_FILE_MB: Final = 4
"""What a whole request may carry: in base64 it still fits Lambda's 6 MB (AWS Lambda quotas)."""
LONGEST_ANSWER: Final = 50_000
"""Characters that one text may have, whatever a field allows."""

_NUMBER: Final = r"^\s*(-?[0-9]+(\.[0-9]+)?)?\s*$"
_TYPES: Final = [
    ("text", "Text"),
    ("longText", "Long text"),
    ("number", "Number"),
    ("email", "Email"),
    ("url", "Web address"),
    ("phone", "Phone number"),
    ("password", "Password"),
    ("date", "Date"),
    ("time", "Time"),
    ("dateTime", "Date and time"),
    ("choice", "Choice"),
    ("boolean", "Yes or no"),
    ("rating", "Rating"),
    ("hidden", "Hidden"),
    ("file", "File"),
    ("info", "Text on the page"),
]
_ANSWERED: Final = [type for type, _ in _TYPES if type not in ("info", "hidden")]
_WRITTEN: Final = ["text", "longText", "password"]
_TYPED: Final = ["text", "longText", "number", "email", "url", "phone"]
_TIMES: Final = ["date", "time", "dateTime"]


def _label(*, expression: bool) -> Any:
    return ui(
        "",
        title="Label",
        kind=Kind.TEXT,
        expression=expression,
        placeholder="Your email address",
        help="What the visitor reads. Empty: the name.",
        show_when={"type": [type for type, _ in _TYPES if type not in ("info", "hidden")]},
        max_length=500,
    )


def _help(*, expression: bool) -> Any:
    return ui(
        "",
        title="Help",
        kind=Kind.TEXT,
        expression=expression,
        help="A sentence below the label.",
        group="options",
        show_when={"type": _ANSWERED},
        max_length=1000,
    )


def _placeholder(*, expression: bool) -> Any:
    return ui(
        "",
        title="Placeholder",
        kind=Kind.TEXT,
        expression=expression,
        group="options",
        show_when={"type": _TYPED},
        max_length=200,
    )


def _default(*, expression: bool) -> Any:
    return ui(
        "",
        title="Filled in at first",
        kind=Kind.TEXT,
        expression=expression,
        help="Several choices stand on lines of their own. A query parameter of the field's name takes its place.",
        show_when={"type": [type for type, _ in _TYPES if type not in ("info", "file", "password")]},
        max_length=5000,
    )


def _choices(*, expression: bool) -> Any:
    return ui(
        "",
        title="Choices",
        kind=Kind.MULTILINE,
        expression=expression,
        placeholder="Small\nMedium\nLarge",
        help="One on each line." + (" An expression may give a list." if expression else ""),
        show_when={"type": ["choice"]},
        required_when_shown=True,
        max_length=20_000,
    )


def _content(*, expression: bool) -> Any:
    return ui(
        "",
        title="Text",
        kind=Kind.MULTILINE,
        expression=expression,
        help="Markdown. HTML in it is shown as it is written.",
        show_when={"type": ["info"]},
        required_when_shown=True,
        max_length=20_000,
    )


class FormField(NodeParams):
    """One field of a form that nothing is known for yet, so that it holds no expressions."""

    name: str = ui(
        ...,
        title="Name",
        kind=Kind.TEXT,
        expression=False,
        placeholder="email",
        help="Under this name the answer is in the item.",
        min_length=1,
        max_length=200,
        pattern=r"^[^\x00-\x1f\x7f]+$",
    )
    type: FieldType = ui("text", title="Type", kind=Kind.SELECT, expression=False, options=_TYPES)
    label: Text = _label(expression=False)
    required: bool = ui(False, title="Required", kind=Kind.BOOLEAN, expression=False, show_when={"type": _ANSWERED})
    choices: Lines = _choices(expression=False)
    display: Literal["dropdown", "radio", "checkboxes"] = ui(
        "dropdown",
        title="Shown as",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("dropdown", "Dropdown"),
            ("radio", "Buttons, one of them"),
            ("checkboxes", "Checkboxes, any of them"),
        ],
        show_when={"type": ["choice"]},
    )
    content: Text = _content(expression=False)
    help: Text = _help(expression=False)
    placeholder: Text = _placeholder(expression=False)
    default: Lines = _default(expression=False)
    min_length: int = ui(
        0,
        title="Fewest characters",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        show_when={"type": _WRITTEN},
        ge=0,
        le=LONGEST_ANSWER,
    )
    max_length: int = ui(
        0,
        title="Most characters",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        help="0 for no limit of its own.",
        show_when={"type": _WRITTEN},
        ge=0,
        le=LONGEST_ANSWER,
    )
    pattern: str = ui(
        "",
        title="Pattern",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        placeholder="[A-Z]{2}[0-9]{6}",
        help="A regular expression that all of the text must fit.",
        show_when={"type": ["text", "phone", "password"]},
        max_length=1000,
    )
    pattern_help: Text = ui(
        "",
        title="What the pattern asks for",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        placeholder="Two capital letters and six digits.",
        show_when={"type": ["text", "phone", "password"]},
        max_length=500,
    )
    minimum: Text = ui(
        "",
        title="At least",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        help="Empty for no limit.",
        show_when={"type": ["number"]},
        max_length=40,
        pattern=_NUMBER,
    )
    maximum: Text = ui(
        "",
        title="At most",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        help="Empty for no limit.",
        show_when={"type": ["number"]},
        max_length=40,
        pattern=_NUMBER,
    )
    whole: bool = ui(
        False,
        title="Whole numbers only",
        kind=Kind.BOOLEAN,
        expression=False,
        group="options",
        show_when={"type": ["number"]},
    )
    earliest: str = ui(
        "",
        title="Not before",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        placeholder="2026-01-31",
        help="Written as 2026-01-31, 09:00, or 2026-01-31T09:00.",
        show_when={"type": _TIMES},
        max_length=30,
    )
    latest: str = ui(
        "",
        title="Not after",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        placeholder="2026-12-31",
        show_when={"type": _TIMES},
        max_length=30,
    )
    min_choices: int = ui(
        0,
        title="Fewest choices",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        show_when={"type": ["choice"], "display": ["checkboxes"]},
        ge=0,
        le=500,
    )
    max_choices: int = ui(
        0,
        title="Most choices",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        help="0 for all.",
        show_when={"type": ["choice"], "display": ["checkboxes"]},
        ge=0,
        le=500,
    )
    stars: int = ui(
        5,
        title="Best rating",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        show_when={"type": ["rating"]},
        ge=2,
        le=10,
    )
    accept: str = ui(
        "",
        title="Kinds of files",
        kind=Kind.TEXT,
        expression=False,
        group="options",
        placeholder=".pdf, .csv, image/*",
        help="Endings and MIME types, with commas. Empty: any.",
        show_when={"type": ["file"]},
        max_length=500,
    )
    max_mb: float = ui(
        MOST_FILE_MB,
        title="Largest file in MB",
        kind=Kind.NUMBER,
        expression=False,
        group="options",
        help=f"All that is sent with a page has at most {MOST_FILE_MB} MB.",
        show_when={"type": ["file"]},
        gt=0,
        le=MOST_FILE_MB,
    )
    multiple: bool = ui(
        False, title="Several files", kind=Kind.BOOLEAN, expression=False, group="options", show_when={"type": ["file"]}
    )


class PageField(FormField):
    """One field of a form that comes later in a workflow: what the visitor reads may be made of earlier items."""

    label: Text = _label(expression=True)
    choices: Lines = _choices(expression=True)
    content: Text = _content(expression=True)
    help: Text = _help(expression=True)
    placeholder: Text = _placeholder(expression=True)
    default: Lines = _default(expression=True)


def fields_field() -> Any:
    """Return the parameter that holds a page's fields (`list[FormField]` or `list[PageField]`)."""
    return ui(None, title="Fields", kind=Kind.COLLECTION, default_factory=list, max_length=MOST_FIELDS)
