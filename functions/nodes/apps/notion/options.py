"""Databases and their properties, for the editor to choose from."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from functions.nodes.apps.notion.plain import text_of
from functions.nodes.apps.notion.schema import source_of
from functions.nodes.apps.notion.spec import APP
from functions.nodes.apps.notion.typed import COMPUTED
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.operations import RequestSpec

_SEARCH: Final = RequestSpec(
    "POST",
    "/search",
    body={
        "query": "{search?}",
        "filter": {"property": "object", "value": "data_source"},
        "sort": {"timestamp": "last_edited_time", "direction": "descending"},
        "page_size": 100,
        "start_cursor": "{cursor?}",
    },
)
_USERS: Final = RequestSpec("GET", "/users", query=(("page_size", "100"), ("start_cursor", "{cursor}")))


def databases(asked: Asked, wanted: Wanted) -> Options:
    """Return the data sources that the integration sees, those last changed first."""
    answer = _ask(asked, _SEARCH, search=wanted.search, cursor=wanted.page)
    found = [Option(str(one["id"]), text_of(one.get("title")) or "Untitled") for one in answer.get("results", [])]
    return Options(found, str(answer.get("next_cursor") or ""))


def properties(asked: Asked, wanted: Wanted) -> Options:
    """Return all properties of the database, with their types."""
    return Options([Option(name, detail=kind) for name, kind in _properties(asked)])


def writable(asked: Asked, wanted: Wanted) -> Options:
    """Return the properties that can be written."""
    return Options([Option(name, detail=kind) for name, kind in _properties(asked) if kind not in COMPUTED])


def users(asked: Asked, wanted: Wanted) -> Options:
    """Return the people and bots of the workspace."""
    answer = _ask(asked, _USERS, cursor=wanted.page)
    found = [
        Option(str(one["id"]), str(one.get("name") or ""), str(one.get("type") or "")) for one in answer["results"]
    ]
    return Options(found, str(answer.get("next_cursor") or ""))


LOADERS: Final[Mapping[str, LoadOptions]] = {
    "databases": databases,
    "properties": properties,
    "writable": writable,
    "users": users,
}


def _properties(asked: Asked) -> list[tuple[str, str]]:
    source = source_of(finding(asked), str(asked.param("database") or ""))
    return [(name, str(one.get("type"))) for name, one in source.get("properties", {}).items()]


def finding(asked: Asked) -> Callable[..., Any]:
    """Return what asks on behalf of an ask as `Call.find` does."""

    def find(request: RequestSpec, **values: Any) -> Any:
        try:
            return _ask(asked, request, **values)
        except HttpClientError as error:
            if error.details.get("status") == 404:
                return None
            raise

    return find


def asked_for(asked: Asked) -> Callable[..., Any]:
    """Return what asks on behalf of an ask as `Call.ask` does."""
    return partial(_ask, asked)


def _ask(asked: Asked, request: RequestSpec, **values: Any) -> Any:
    return asking(APP, asked, str(asked.param("credential") or ""), request, values).answer().body
