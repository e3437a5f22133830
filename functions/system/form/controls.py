"""Fields as HTML. Every text is escaped; labels, help and mistakes are tied to what they are about."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final

from functions.system.form.markdown import to_html
from functions.system.form.values import EXAMPLE, FRACTION
from functions.system.form.words import Words
from stepweave.expressions.patterns import parsed
from stepweave.spec.forms.pages import PageEntry

_INPUTS: Final = {
    "text": ("text", ""),
    # Not `number`: browsers leave out a comma there while it is typed (`1,5` becomes 15), and count as a wheel turns.
    "number": ("text", ""),
    "email": ("email", "email"),
    "url": ("url", "url"),
    "phone": ("tel", "tel"),
    "password": ("password", "off"),
    "date": ("date", ""),
    "time": ("time", ""),
    "dateTime": ("datetime-local", ""),
}
"""Type and `autocomplete` of an input."""
_TIMED: Final = ("date", "time", "dateTime")
"""Inputs that browsers draw by themselves."""

_WHOLE: Final = r"\s*[+\-]?\p{Nd}{1,40}\s*"
_ANY: Final = r"\s*[+\-]?(\p{Nd}+([.\u066b]\p{Nd}*)?|[.\u066b]\p{Nd}+)([eE][+\-]?\p{Nd}{1,3})?\s*"
"""Digits of any script, as keyboards have them; the server reads them."""


def control(index: int, entry: PageEntry, given: Sequence[str], problem: str, words: Words, *, first: bool) -> str:
    """Return a field.

    Args:
        index: its place on the page.
        entry: what it is.
        given: what is filled in.
        problem: what is to be changed about it; "" for nothing.
        words: what the page says besides.
        first: whether the visitor is to begin here.
    """
    match entry["type"]:
        case "info":
            return f'<div class="field text">{to_html(entry.get("content", ""))}</div>'
        case "hidden":
            return f"<input{_attributes(type='hidden', name=f'f{index}', value=_one(given))}>"
        case "rating" | "choice" if entry["type"] == "rating" or entry.get("display") != "dropdown":
            return _group(index, entry, given, problem, words, first=first)
        case "boolean":
            return _box(index, entry, given, problem, words, first=first)
    shared = _shared(index, entry, problem, first=first)
    head = f'<label class="label" for="f{index}">{_name(entry, words)}</label>{_about(index, entry, problem)}'
    return f'<div class="field">{head}{_plain(entry, given, words, shared)}</div>'


def _plain(entry: PageEntry, given: Sequence[str], words: Words, shared: dict[str, Any]) -> str:
    """Return the one control of a field."""
    if entry["type"] == "longText":
        limits = {"minlength": entry.get("minLength"), "maxlength": entry.get("maxLength")}
        attributes = _attributes(**shared, **limits, placeholder=entry.get("placeholder"), rows="6", dir="auto")
        return f"<textarea{attributes}>\n{escape(_one(given))}</textarea>"  # HTML drops the first line break
    if entry["type"] == "choice":
        offered = [("", words("choose")), *((one, one) for one in entry.get("choices", []))]
        options = "".join(
            f"<option{_attributes(value=value, selected=value == _one(given))}>{escape(text)}</option>"
            for value, text in offered
        )
        return f"<select{_attributes(**shared)}>{options}</select>"
    if entry["type"] == "file":
        kinds = ",".join(entry.get("accept", []))
        return f"<input{_attributes(type='file', **shared, accept=kinds, multiple=entry.get('multiple', False))}>"
    kind, completed = _INPUTS[entry["type"]]
    value = "" if entry["type"] == "password" else _one(given)
    direction = None if entry["type"] in _TIMED else "auto"  # as what is written, whatever the page's language
    more = {"placeholder": entry.get("placeholder"), "autocomplete": completed, "dir": direction, "value": value}
    return f"<input{_attributes(type=kind, **shared, **_limits(entry, words), **more)}>"


def _limits(entry: PageEntry, words: Words) -> dict[str, Any]:
    """Return what browsers check while people type."""
    if entry["type"] == "number":
        return _of_number(entry, words)
    found: dict[str, Any] = {
        "minlength": entry.get("minLength"),
        "maxlength": entry.get("maxLength"),
        "min": entry.get("earliest"),
        "max": entry.get("latest"),
    }
    if pattern := entry.get("pattern"):
        source, flags = parsed(pattern)
        if not flags.strip("uv"):  # the attribute takes no other
            found |= {"pattern": source, "title": entry.get("patternHelp")}
    return found


def _of_number(entry: PageEntry, words: Words) -> dict[str, Any]:
    whole, least = entry.get("whole", False), entry.get("minimum")
    wanted = (
        words("wholeNumberWanted", example=EXAMPLE)
        if whole
        else words("numberWanted", example=EXAMPLE, fraction=FRACTION)
    )
    found = {"pattern": _WHOLE if whole else _ANY, "title": wanted}
    if least is not None and least >= 0:  # the keyboards that these ask telephones for may have no minus
        found["inputmode"] = "numeric" if whole else "decimal"
    return found


def _group(index: int, entry: PageEntry, given: Sequence[str], problem: str, words: Words, *, first: bool) -> str:
    """Return buttons or checkboxes, as one group with a name."""
    rating = entry["type"] == "rating"
    offered = [str(one) for one in range(1, entry.get("stars", 5) + 1)] if rating else entry.get("choices", [])
    several = entry.get("display") == "checkboxes" and not rating
    rows = []
    for at, text in enumerate(offered):
        attributes = _attributes(
            type="checkbox" if several else "radio",
            id=f"f{index}" if at == 0 else f"f{index}-{at}",
            name=f"f{index}",
            value=text,
            checked=text in given,
            required=entry["required"] and not several,
            autofocus=first and at == 0,
            aria_describedby=_described(index, entry, problem) if at == 0 else None,
        )
        shown = f"{text} <span aria-hidden=true>★</span>" if rating else f"<bdi>{escape(text)}</bdi>"
        rows.append(f'<label class="choice"><input{attributes}><span>{shown}</span></label>')
    if not several and not entry["required"]:  # a button that is pressed is not let go by pressing it again
        attributes = _attributes(type="radio", id=f"f{index}-none", name=f"f{index}", value="")
        rows.append(f'<label class="choice"><input{attributes}><span>{escape(words("noAnswer"))}</span></label>')
    inside = f'<div class="rating">{"".join(rows)}</div>' if rating else "".join(rows)
    head = f"<legend>{_name(entry, words)}</legend>{_about(index, entry, problem)}"
    return f'<fieldset class="field">{head}{inside}</fieldset>'


def _box(index: int, entry: PageEntry, given: Sequence[str], problem: str, words: Words, *, first: bool) -> str:
    shared = _shared(index, entry, problem, first=first)
    attributes = _attributes(type="checkbox", **shared, value="true", checked=_one(given).strip().lower() == "true")
    row = f'<label class="choice"><input{attributes}><span>{_name(entry, words)}</span></label>'
    return f'<div class="field">{row}{_about(index, entry, problem)}</div>'


def _shared(index: int, entry: PageEntry, problem: str, *, first: bool) -> dict[str, Any]:
    return {
        "id": f"f{index}",
        "name": f"f{index}",
        "required": entry["required"],
        "aria_invalid": "true" if problem else None,
        "aria_describedby": _described(index, entry, problem),
        "autofocus": first,
    }


def _name(entry: PageEntry, words: Words) -> str:
    # A label in another direction than the page, `iPhone (128 GB)` in Arabic, keeps its own order.
    label = f"<bdi>{escape(entry['label'])}</bdi>"
    return label if entry["required"] else f"{label} <small>{escape(words('optional'))}</small>"


def _about(index: int, entry: PageEntry, problem: str) -> str:
    help = f'<p class="help" id="f{index}-help">{escape(entry["help"])}</p>' if entry.get("help") else ""
    return help + (f'<p class="error" id="f{index}-error">{escape(problem)}</p>' if problem else "")


def _described(index: int, entry: PageEntry, problem: str) -> str | None:
    ids = [f"f{index}-help"] if entry.get("help") else []
    return " ".join([*ids, *([f"f{index}-error"] if problem else [])]) or None


def _one(given: Sequence[str]) -> str:
    return given[-1] if given else ""


def _attributes(**given: Any) -> str:
    """Return attributes: those that are True as a name only, and none that is None, False or empty but `value`."""
    made = ""
    for name, value in given.items():
        written = name.replace("_", "-")
        if value is True:
            made += f" {written}"
        elif value or (name == "value" and value == ""):
            made += f' {written}="{escape(str(value))}"'
    return made
