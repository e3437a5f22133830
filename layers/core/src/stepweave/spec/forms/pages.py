"""A page of a form as a value: what a visitor gets, checked once where the form is made rather than at each visit."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, NotRequired, TypedDict

from stepweave.spec.forms.fields import FormField

RESERVED: Final = frozenset(("__proto__", "constructor", "prototype", "submittedAt"))
"""What no field is called: names with a meaning of their own in JavaScript, and what the item has besides."""
MOST_CHOICES: Final = 500
MOST_CHARACTERS: Final = 100_000
"""Of all texts of a page: it travels in an event of at most 256 KB."""
_ACCEPTED: Final = re.compile(r"\.[A-Za-z0-9]{1,20}|[a-z]+/(\*|[A-Za-z0-9.+-]{1,100})")
_READ: Final[Mapping[str, Callable[[str], Any]]] = {
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "dateTime": datetime.fromisoformat,
}
_TIMES: Final[Mapping[str, re.Pattern[str]]] = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
    "dateTime": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?"),
}


class Page(TypedDict):
    """A page. Of each field there are only the members that its type has a use for."""

    title: str
    description: str
    button: str
    fields: list["PageEntry"]


class PageEntry(TypedDict):
    """A field as visitors get it. `choices` are in order, each once; `accept` in lower case."""

    name: str
    type: str
    label: str
    required: bool
    help: NotRequired[str]
    placeholder: NotRequired[str]
    default: NotRequired[str]
    content: NotRequired[str]
    choices: NotRequired[list[str]]
    display: NotRequired[str]
    minLength: NotRequired[int]
    maxLength: NotRequired[int]
    pattern: NotRequired[str]
    patternHelp: NotRequired[str]
    minimum: NotRequired[float]
    maximum: NotRequired[float]
    whole: NotRequired[bool]
    earliest: NotRequired[str]
    latest: NotRequired[str]
    minChoices: NotRequired[int]
    maxChoices: NotRequired[int]
    stars: NotRequired[int]
    accept: NotRequired[list[str]]
    maxMb: NotRequired[float]
    multiple: NotRequired[bool]


_OF_TYPE: Final[Mapping[str, tuple[str, ...]]] = {
    "text": ("help", "placeholder", "default", "minLength", "maxLength", "pattern", "patternHelp"),
    "longText": ("help", "placeholder", "default", "minLength", "maxLength"),
    "number": ("help", "placeholder", "default", "minimum", "maximum", "whole"),
    "email": ("help", "placeholder", "default"),
    "url": ("help", "placeholder", "default"),
    "phone": ("help", "placeholder", "default", "pattern", "patternHelp"),
    "password": ("help", "minLength", "maxLength", "pattern", "patternHelp"),
    "date": ("help", "default", "earliest", "latest"),
    "time": ("help", "default", "earliest", "latest"),
    "dateTime": ("help", "default", "earliest", "latest"),
    "choice": ("help", "default", "choices", "display", "minChoices", "maxChoices"),
    "boolean": ("help", "default"),
    "rating": ("help", "default", "stars"),
    "hidden": ("default",),
    "file": ("help", "accept", "maxMb", "multiple"),
    "info": ("content",),
}


class FormInvalid(ValueError):
    """A form that cannot be shown as it is. `field` is the parameter's path, `remedy` what to do."""

    def __init__(self, message: str, remedy: str, field: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.field = field


def page_of(title: str, description: str, button: str, fields: Sequence[FormField]) -> Page:
    """Return the page that parameters describe.

    Args:
        title: of the page.
        description: Markdown below it.
        button: what the button says.
        fields: in their order.

    Raises:
        FormInvalid: two fields have one name, one has a name that it may not have, limits that leave nothing to fill
            in, no choices, or bounds that are no dates; or the page is larger than can be carried.
    """
    entries: dict[str, PageEntry] = {}
    for index, field in enumerate(fields):
        if field.name in entries:
            raise _wrong(index, "name", f"Two fields are called {field.name!r}.", "Give each a name of its own.")
        entries[field.name] = _entry(index, field)
    page: Page = {"title": title, "description": description, "button": button, "fields": list(entries.values())}
    size = len(str(page))
    if size > MOST_CHARACTERS:
        words = f"The page has {size} characters with all its choices; {MOST_CHARACTERS} are allowed."
        raise FormInvalid(words, "Offer fewer choices, or divide it into several pages.", "params.fields")
    return page


def _entry(index: int, field: FormField) -> PageEntry:
    if field.name in RESERVED or field.name.startswith("$"):
        raise _wrong(index, "name", f"A field cannot be called {field.name!r}.", "Choose another name.")
    if field.name != field.name.strip():
        words = f"The name {field.name!r} begins or ends with a space, which nobody would see in the item."
        raise _wrong(index, "name", words, "Delete the space.")
    given = field.model_dump(by_alias=True)
    # A type's own members, and of those only what says something.
    chosen = {name: given[name] for name in _OF_TYPE[field.type] if given[name] not in ("", 0, False)}
    if field.type == "choice":
        chosen["choices"] = _choices(index, field)
    if field.type == "file":
        chosen["accept"] = _accepted(index, field)
    if field.type == "number":
        for name in ("minimum", "maximum"):
            bound = _number(given[name])
            chosen.pop(name, None)
            chosen |= {} if bound is None else {name: bound}
    _check_limits(index, field)
    entry: PageEntry = {
        "name": field.name,
        "type": field.type,
        "label": field.label.strip() or field.name,
        "required": field.required and field.type not in ("info", "hidden"),
        **chosen,  # type: ignore[typeddict-item]  # its keys are those of `_OF_TYPE`
    }
    return entry


def _choices(index: int, field: FormField) -> list[str]:
    found = list(dict.fromkeys(line.strip() for line in field.choices.splitlines() if line.strip()))
    if not found:
        raise _wrong(
            index, "choices", f"{field.name!r} has nothing to choose from.", "Write its choices, one on each line."
        )
    if len(found) > MOST_CHOICES:
        words = f"{field.name!r} has {len(found)} choices; {MOST_CHOICES} are allowed."
        raise _wrong(index, "choices", words, "Offer fewer, or ask for a text.")
    least, most = field.min_choices or 0, field.max_choices or len(found)
    if field.display == "checkboxes" and least > min(most, len(found)):
        words = f"{field.name!r} asks for {least} choices, and there cannot be so many."
        raise _wrong(index, "minChoices", words, "Ask for fewer.")
    return found


def _accepted(index: int, field: FormField) -> list[str]:
    found = [part.strip().lower() for part in field.accept.split(",") if part.strip()]
    # People write *.json, too.
    found = [part.removeprefix("*") if part.startswith("*.") else part for part in found]
    for part in found:
        if not _ACCEPTED.fullmatch(part):
            words = f"{part[:50]!r} is no kind of file."
            raise _wrong(index, "accept", words, "Write endings as .pdf, or MIME types as image/*.")
    return found


def _check_limits(index: int, field: FormField) -> None:
    pairs: list[tuple[str, Any, Any]] = [
        ("minLength", field.min_length, field.max_length or field.min_length),
        ("minimum", _number(field.minimum), _number(field.maximum)),
    ]
    if field.type in _READ:
        bounds = [read_time(field.type, text) if text else None for text in (field.earliest, field.latest)]
        for name, text, bound in zip(("earliest", "latest"), (field.earliest, field.latest), bounds, strict=True):
            if text and bound is None:
                words = f"{text!r} is not written as the values of {field.name!r} are."
                raise _wrong(index, name, words, "Write 2026-01-31, 09:00 or 2026-01-31T09:00.")
        pairs.append(("earliest", bounds[0], bounds[1]))
    for name, least, most in pairs:
        if least is not None and most is not None and least > most:
            raise _wrong(index, name, f"Nothing can be filled in at {field.name!r}: its limits cross.", "Change one.")


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def read_time(type: str, text: str) -> Any:
    """Return a date, a time or both (`date`, `time`, `dateTime`) as browsers write them; None where it is none."""
    if not _TIMES[type].fullmatch(text):
        return None
    try:
        return _READ[type](text)
    except ValueError:
        return None


def _wrong(index: int, name: str, message: str, remedy: str) -> FormInvalid:
    return FormInvalid(message, remedy, f"params.fields.{index}.{name}")
