"""From plain values to Notion's values of properties (developers.notion.com/reference/page-property-values)."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.nodes.apps.notion.ids import id_of
from functions.nodes.apps.notion.texts import rich_text
from stepweave.model.numbers import scalar_text
from stepweave.runtime.errors import ParameterInvalid

COMPUTED: Final = frozenset(
    {
        "formula",
        "rollup",
        "created_time",
        "created_by",
        "last_edited_time",
        "last_edited_by",
        "unique_id",
        "button",
        "verification",
    }
)
"""Types of properties that Notion fills in itself."""
_TRUE, _FALSE = frozenset({"true", "yes", "1", "on"}), frozenset({"false", "no", "0", "off", ""})


class _Unfit(Exception):
    """A value that a type does not take: what it takes."""


def typed(name: str, kind: str, value: Any, field: str) -> Any:
    """Return what is sent for a property.

    Args:
        name: of the property, for errors.
        kind: its type.
        value: plain, as `plain` gives it, or as forms and other nodes do; null and "" empty the property.
        field: the parameter, for errors.

    Raises:
        ParameterInvalid: the value does not fit, or Notion fills the property in itself.
    """
    if isinstance(value, Mapping) and kind in value and kind not in ("number", "checkbox"):
        return {kind: value[kind]}  # as Notion has it
    write = _WRITE.get(kind)
    if write is None:
        computed = kind in COMPUTED
        raise ParameterInvalid(
            f"{name}: {'Notion fills it in itself' if computed else f'properties of type {kind} cannot be written'}.",
            "Take it out of the properties.",
            details={"field": field, "property": name},
        )
    try:
        return {kind: write(value)}
    except _Unfit as error:
        shown = f"“{value[:80]}”" if isinstance(value, str) else f"a value of type {type(value).__name__}"
        raise ParameterInvalid(
            f"{name}: the property takes {error}, not {shown}.",
            "Change the value.",
            details={"field": field, "property": name},
        ) from None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str | bool | int | float):
        return scalar_text(value)
    if isinstance(value, list) and all(isinstance(one, str | bool | int | float) for one in value):
        return ", ".join(scalar_text(one) for one in value)
    raise _Unfit("text")


def _rich(value: Any) -> list[dict[str, Any]]:
    return rich_text(_text(value))


def _number(value: Any) -> int | float | None:
    if value is None or value == "":
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", text, re.IGNORECASE):
        raise _Unfit("a number")
    return int(text) if re.fullmatch(r"[+-]?\d{1,15}", text) else float(text)


def _option(value: Any) -> dict[str, str] | None:
    if isinstance(value, Mapping) and ("name" in value or "id" in value):
        return {name: str(value[name]) for name in ("id", "name") if name in value}
    text = _text(value).strip()
    return {"name": text} if text else None


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return list(value) if isinstance(value, list) else [value]


def _options(value: Any) -> list[Any]:
    return [one for one in (_option(part) for part in _listed(value)) if one is not None]


def _date(value: Any) -> Any:
    if value is None or value == "":
        return None
    if isinstance(value, Mapping):
        start, end = value.get("start"), value.get("end")
        zone = value.get("timeZone") or value.get("time_zone")
        given = {"start": start, "end": end, "time_zone": zone}
        if start:
            return {name: one for name, one in given.items() if one}
    if isinstance(value, str) and re.match(r"\d{4}-\d{2}-\d{2}", value.strip()):
        start, _, end = value.strip().partition("/")
        return {"start": start, "end": end} if end else {"start": start}
    raise _Unfit("a date (2026-12-31, or 2026-12-31T09:00:00Z)")


def _checkbox(value: Any) -> bool:
    text = scalar_text(value).strip().lower() if isinstance(value, str | bool | int | float) else str(value or "")
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise _Unfit("true or false")


def _line(value: Any) -> str | None:
    return _text(value).strip() or None


def _ids(value: Any) -> list[dict[str, str]]:
    found = [one.get("id") if isinstance(one, Mapping) else one for one in _listed(value)]
    try:
        return [{"id": id_of(str(one), "", "")} for one in found]
    except ParameterInvalid:
        raise _Unfit("IDs (a list, or text with commas in between)") from None


def _people(value: Any) -> list[dict[str, str]]:
    return [{"object": "user", **one} for one in _ids(value)]


def _files(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, str):  # an address may have commas of its own
        value = [part.strip() for part in re.split(r",\s*(?=https?://)", value) if part.strip()]
    return [_file(one) for one in ([value] if isinstance(value, Mapping) else _listed(value))]


def _file(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping) and "type" in value:
        return dict(value)
    url = value.get("url") if isinstance(value, Mapping) else value
    if not isinstance(url, str) or not re.match(r"https?://", url):
        raise _Unfit("addresses of files (https://...)")
    name = value.get("name") if isinstance(value, Mapping) else None
    name = str(name or url.partition("?")[0].rstrip("/").rpartition("/")[2] or "file")[:100]
    return {"name": name, "type": "external", "external": {"url": url}}


_WRITE: Final[dict[str, Callable[[Any], Any]]] = {
    "title": _rich,
    "rich_text": _rich,
    "number": _number,
    "select": _option,
    "status": _option,
    "multi_select": _options,
    "date": _date,
    "people": _people,
    "files": _files,
    "checkbox": _checkbox,
    "url": _line,
    "email": _line,
    "phone_number": _line,
    "relation": _ids,
}
