"""The data source that a parameter names, and its properties: asked for once in a step."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from functions.nodes.apps.notion.ids import id_of
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.operations import Call, RequestSpec

SOURCE: Final = RequestSpec("GET", "/data_sources/{id}")
DATABASE: Final = RequestSpec("GET", "/databases/{id}")
FIELD: Final = "params.database"

Find = Callable[..., Any]
"""`Call.find`: the answer, or None for 404."""


def source_of(find: Find, text: str) -> dict[str, Any]:
    """Return a data source by its ID, or by that of a database or the address of one, which has one data source.

    Raises:
        ParameterInvalid: it is not there, or the database has several.
    """
    id = id_of(text, "Database", FIELD)
    source = find(SOURCE, id=id)
    if source is not None:
        return dict(source)
    database = find(DATABASE, id=id)
    sources = database.get("data_sources") or [] if isinstance(database, Mapping) else []
    if len(sources) > 1:
        names = ", ".join(f"{one.get('name')} ({one.get('id')})" for one in sources[:10])
        raise ParameterInvalid(
            f"Database: it has {len(sources)} data sources.", f"Choose one of: {names}.", details={"field": FIELD}
        )
    source = find(SOURCE, id=sources[0]["id"]) if sources else None
    if source is None:
        raise ParameterInvalid(
            f"Database: Notion has none with the ID {id} that the integration can see.",
            "Check the ID, and share the database with the integration: …, Connections.",
            details={"field": FIELD},
        )
    return dict(source)


def known_source(call: Call, text: str) -> dict[str, Any]:
    """Return the data source of a step's items. Raises as `source_of` does."""
    key = f"source {text}"
    if key not in call.shared:
        call.shared[key] = source_of(call.find, text)
    return dict(call.shared[key])


def kind_of(properties: Mapping[str, Any], name: str, field: str) -> tuple[str, str]:
    """Return the name and type of a property, by its name or ID. Raises ParameterInvalid where there is none."""
    found = properties.get(name)
    if found is None:
        found = next((one for one in properties.values() if one.get("id") == name), None)
        name = next((own for own, one in properties.items() if one is found), name)
    if found is None:
        names = ", ".join(list(properties)[:30])
        raise ParameterInvalid(
            f"There is no property {name}.", f"Write one of: {names}.", details={"field": field, "property": name}
        )
    return name, str(found.get("type"))
