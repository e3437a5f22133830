"""Fields as HTML. Every text is escaped; labels, help and mistakes are tied to what they are about."""

from collections.abc import Sequence
from html import escape
from typing import Any, Final

from functions.system.form.markdown import to_html
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

_WHOLE: Final = r"\s*[+\-]?[0-9]{1,40}\s*"
_ANY: Final = r"\s*[+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+\-]?[0-9]{1,3})?\s*"


def control(index: int, entry: PageEntry, given: Sequence[str], problem: str, *, first: bool) -> str:
    """Return a field.

    Args:
        index: its place on the page.
        entry: what it is.
        given: what is filled in.
        problem: what is to be changed about it; "" for nothing.
        first: whether the visitor is to begin here.
    """
    match entry["type"]:
        case "info":
            return f'<div class="field text">{to_html(entry.get("content", ""))}</div>'
        case "hidden":
            return f"<input{_attributes(type='hidden', name=f'f{index}', value=_one(given))}>"
        case "rating" | "choice" if entry["type"] == "rating" or entry.get("display") != "dropdown":
            return _group(index, entry, given, problem, first=first)
        case "boolean":
            return _box(index, entry, given, problem, first=first)
    shared = _shared(index, entry, problem, first=first)
    head = f'<label class="label" for="f{index}">{_name(entry)}</label>{_about(index, entry, problem)}'
    return f'<div class="field">{head}{_plain(entry, given, shared)}</div>'


def _plain(entry: PageEntry, given: Sequence[str], shared: dict[str, Any]) -> str:
    """Return the one control of a field."""
    if entry["type"] == "longText":
        limits = {"minlength": entry.get("minLength"), "maxlength": entry.get("maxLength")}
        attributes = _attributes(**shared, **limits, placeholder=entry.get("placeholder"), rows="6", dir="auto")
        return f"<textarea{attributes}>\n{escape(_one(given))}</textarea>"  # HTML drops the first line break
    if entry["type"] == "choice":
        offered = [("", "Choose…"), *((one, one) for one in entry.get("choices", []))]
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
    direction = "auto" if entry["type"] == "text" else None  # as what is written, whatever the page's language
    more = {"placeholder": entry.get("placeholder"), "autocomplete": completed, "dir": direction, "value": value}
    return f"<input{_attributes(type=kind, **shared, **_limits(entry), **more)}>"


def _limits(entry: PageEntry) -> dict[str, Any]:
    """Return what browsers check while people type."""
    if entry["type"] == "number":
        return _of_number(entry)
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


def _of_number(entry: PageEntry) -> dict[str, Any]:
    whole, least = entry.get("whole", False), entry.get("minimum")
    pattern, example = (_WHOLE, "12") if whole else (_ANY, "12 or 12.5")
    found = {"pattern": pattern, "title": f"Write a number, as {example}."}
    if least is not None and least >= 0:  # the keyboards that these ask telephones for may have no minus
        found["inputmode"] = "numeric" if whole else "decimal"
    return found


def _group(index: int, entry: PageEntry, given: Sequence[str], problem: str, *, first: bool) -> str:
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
        shown = f"{text} <span aria-hidden=true>★</span>" if rating else escape(text)
        rows.append(f'<label class="choice"><input{attributes}><span>{shown}</span></label>')
    if not several and not entry["required"]:  # a button that is pressed is not let go by pressing it again
        attributes = _attributes(type="radio", id=f"f{index}-none", name=f"f{index}", value="")
        rows.append(f'<label class="choice"><input{attributes}><span>No answer</span></label>')
    inside = f'<div class="rating">{"".join(rows)}</div>' if rating else "".join(rows)
    return f'<fieldset class="field"><legend>{_name(entry)}</legend>{_about(index, entry, problem)}{inside}</fieldset>'


def _box(index: int, entry: PageEntry, given: Sequence[str], problem: str, *, first: bool) -> str:
    shared = _shared(index, entry, problem, first=first)
    attributes = _attributes(type="checkbox", **shared, value="true", checked=_one(given).strip().lower() == "true")
    row = f'<label class="choice"><input{attributes}><span>{_name(entry)}</span></label>'
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


def _name(entry: PageEntry) -> str:
    return escape(entry["label"]) + ("" if entry["required"] else " <small>(optional)</small>")


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
