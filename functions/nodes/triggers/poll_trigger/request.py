"""From parameters and cursor to a request."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.triggers.poll_trigger.spec import Params, Row
from stepweave.runtime.http.request import Headers, Request, secret_among
from stepweave.runtime.http.url import target_of

_LONGEST_TAG: Final = 1000


def request_of(params: Params, cursor: Mapping[str, Any]) -> Request:
    """Return the request for the list, without its authentication.

    Args:
        params: of the node.
        cursor: of this list; empty where there is none.

    Raises:
        ParameterInvalid: the URL or a header cannot be used.
    """
    since = {params.since_query: str(cursor["since"])} if params.since_query and "since" in cursor else {}
    query = [(name, value) for name, value in _pairs(params.query) if name not in since]
    target = target_of(params.url, [*query, *since.items()])
    given = Headers()
    for name, value in _pairs(params.headers):
        given.put(name, value, "params.headers")
    headers = Headers({"user-agent": ["Stepweave/1"], "accept": ["application/json"]})
    headers["accept-encoding"] = ["gzip, deflate"]
    tag = str(cursor.get("etag", ""))
    if tag and len(tag) <= _LONGEST_TAG:
        headers["if-none-match"] = [tag]
    headers |= given
    return Request("GET", target, headers, None, secret_among(headers))


def _pairs(rows: list[Row]) -> list[tuple[str, str]]:
    return [(row.name, row.value) for row in rows if row.name]
