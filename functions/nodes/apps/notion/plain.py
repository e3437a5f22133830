"""From Notion's values of properties to plain ones (developers.notion.com/reference/page-property-values)."""

from collections.abc import Callable, Mapping
from typing import Any, Final


def plain_page(page: Mapping[str, Any]) -> dict[str, Any]:
    """Return a page with plain values: `id`, `url`, `title`, its times, and `properties` by name."""
    properties = page.get("properties") or {}
    title = next((text_of(one.get("title")) for one in properties.values() if one.get("type") == "title"), "")
    return {
        "id": page.get("id"),
        "url": page.get("url"),
        "title": title,
        "createdTime": page.get("created_time"),
        "lastEditedTime": page.get("last_edited_time"),
        "archived": bool(page.get("in_trash") or page.get("archived")),
        "properties": {name: plain(one) for name, one in properties.items()},
    }


def plain(value: Any) -> Any:
    """Return the plain value of a property; what is of a type that is not known stays as it is."""
    if not isinstance(value, Mapping) or "type" not in value:
        return value
    kind = str(value["type"])
    inner = value.get(kind)
    read = _READ.get(kind)
    return read(inner) if read is not None else inner


def text_of(parts: Any) -> str:
    """Return the text of rich text, without its marks."""
    found = parts if isinstance(parts, list) else []
    return "".join(str(part.get("plain_text") or "") for part in found if isinstance(part, Mapping))


def _name(value: Any) -> Any:
    return value.get("name") if isinstance(value, Mapping) else None


def _names(values: Any) -> list[Any]:
    return [_name(one) for one in values or []]


def _date(value: Any) -> Any:
    """Return the start; with an end or a time zone, all of it."""
    if not isinstance(value, Mapping):
        return None
    if not value.get("end") and not value.get("time_zone"):
        return value.get("start")
    given = {"start": value.get("start"), "end": value.get("end"), "timeZone": value.get("time_zone")}
    return {name: one for name, one in given.items() if one}


def _person(value: Any) -> Any:
    """Return who somebody is: the ID, and name and address as far as the integration may see them."""
    if not isinstance(value, Mapping):
        return None
    email = (value.get("person") or {}).get("email")
    given = {"id": value.get("id"), "name": value.get("name"), "email": email}
    return {name: one for name, one in given.items() if one}


def _people(values: Any) -> list[Any]:
    return [_person(one) for one in values or []]


def _files(values: Any) -> list[Any]:
    return [{"name": one.get("name"), "url": (one.get(str(one.get("type"))) or {}).get("url")} for one in values or []]


def _relation(values: Any) -> list[Any]:
    return [one.get("id") for one in values or []]


def _formula(value: Any) -> Any:
    return plain(value) if isinstance(value, Mapping) else value


def _rollup(value: Any) -> Any:
    if isinstance(value, Mapping) and value.get("type") == "array":
        return [plain(one) for one in value.get("array") or []]
    return plain(value)


def _unique_id(value: Any) -> Any:
    if not isinstance(value, Mapping) or value.get("number") is None:
        return None
    return f"{value['prefix']}-{value['number']}" if value.get("prefix") else value["number"]


def _state(value: Any) -> Any:
    return value.get("state") if isinstance(value, Mapping) else None


_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "title": text_of,
    "rich_text": text_of,
    "select": _name,
    "status": _name,
    "multi_select": _names,
    "date": _date,
    "people": _people,
    "files": _files,
    "relation": _relation,
    "formula": _formula,
    "rollup": _rollup,
    "created_by": _person,
    "last_edited_by": _person,
    "unique_id": _unique_id,
    "verification": _state,
    "button": lambda value: None,
}
"""What is not here (numbers, texts, check boxes, times) is plain already."""
