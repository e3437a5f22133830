"""One query: its request, and what its answer says."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.nodes.network.graphql.errors import GraphQLError
from functions.nodes.network.graphql.spec import Params
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.caller import Caller
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.request import Headers, Request, secret_among
from stepweave.runtime.http.rows import pairs_of
from stepweave.runtime.http.url import Target, target_of
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.spec.fieldpaths import MISSING, field_at

_MOST_TOLD: Final = 5
_LONGEST: Final = 300


def variables_of(params: Params) -> dict[str, Any]:
    """Return the variables: those that are given as an object, or as JSON text.

    Raises:
        ParameterInvalid: they are something else.
    """
    given = params.variables
    if isinstance(given, str):
        try:
            given = json.loads(given) if given.strip() else None
        except (ValueError, RecursionError) as error:
            raise _no_variables(str(error)) from None
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise _no_variables("a list" if isinstance(given, list) else f"{str(given)[:40]}")
    return given


def request_of(params: Params, variables: Mapping[str, Any]) -> Request:
    """Return the request for a query. Raises ParameterInvalid for a URL, a header or a value that cannot be sent."""
    headers = Headers({"user-agent": ["Stepweave/1"], "accept-encoding": ["gzip, deflate"]})
    headers["accept"] = ["application/graphql-response+json, application/json"]
    headers["content-type"] = ["application/json"]
    given = Headers()
    for name, value in pairs_of(params.headers, "Headers", "params.headers"):
        given.put(name, value, "params.headers")
    headers |= given
    asked: dict[str, Any] = {"query": params.query}
    if variables:
        asked["variables"] = variables
    if params.operation_name:
        asked["operationName"] = params.operation_name
    try:
        body = json.dumps(asked, allow_nan=False).encode()
    except ValueError as error:
        raise _no_variables(str(error)) from None
    return Request("POST", target_of(params.url), headers, body, secret_among(headers))


def answer_of(params: Params, caller: Caller, variables: Mapping[str, Any], *, patient: bool) -> dict[str, Any]:
    """Ask, and return the answer: `data`, and `errors` where they are taken with it.

    Raises:
        GraphQLError: the answer has errors, and no data that is wanted with them.
        NodeError: what `HTTP_ERRORS` and `CREDENTIAL_ERRORS` name, and ParameterInvalid.
    """
    with caller.ask(request_of(params, variables), patient=patient) as arrived:
        content = arrived.content(params.max_response_mb) if arrived.status < 400 or _is_json(arrived) else None
        if content is None:
            raise arrived.refusal()
        answer = arrived.json(content) if arrived.status < 400 else _read(content)
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if arrived.status == 429 or arrived.status >= 500 or (arrived.status >= 400 and not errors):
            raise arrived.refusal_of(content)
        if not isinstance(answer, dict) or not ("data" in answer or errors):
            raise ResponseInvalid(
                f"{arrived.target} did not answer as GraphQL does: there is neither data nor errors.",
                "Check the endpoint: it often ends with /graphql.",
                details={"body": content[:_LONGEST].decode("utf-8", "replace")},
            )
        if errors and not (params.on_errors == "partial" and answer.get("data") is not None):
            raise _failed(errors, answer.get("data"), arrived.target, arrived.status)
        return answer


def entries_at(answer: Mapping[str, Any], path: str, target: str) -> list[Any]:
    """Return the entries of a list, or of a connection, in an answer's data; none where null is.

    Raises:
        ResponseInvalid: there is no such place.
    """
    found = field_at(answer.get("data"), path)
    if found is MISSING:
        raise ResponseInvalid(
            f"{target} answered with nothing at {path}, where the items should be.",
            "Change Where the items are: it begins below data.",
            details={"field": "params.itemsAt"},
        )
    if isinstance(found, dict) and isinstance(found.get("nodes"), list):
        found = found["nodes"]
    elif isinstance(found, dict) and isinstance(found.get("edges"), list):
        found = [edge.get("node") if isinstance(edge, dict) else edge for edge in found["edges"]]
    return [] if found is None else found if isinstance(found, list) else [found]


def _is_json(arrived: Arrived) -> bool:
    return "json" in arrived.media_type


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _failed(errors: Any, data: Any, target: Target, status: int) -> GraphQLError:
    told = errors if isinstance(errors, Sequence) and not isinstance(errors, str) else [errors]
    words = "; ".join(_words(one) for one in told[:_MOST_TOLD])
    more = f" ({len(told) - _MOST_TOLD} more)" if len(told) > _MOST_TOLD else ""
    return GraphQLError(
        f"{target} answered with errors: {words}{more}",
        "Check the query and its variables, or choose to take the data that came.",
        details={"errors": list(told[:20]), "data": data, "status": status},
    )


def _words(error: Any) -> str:
    if not isinstance(error, Mapping):
        return str(error)[:_LONGEST]
    message = str(error.get("message") or json.dumps(error))[:_LONGEST]
    path = error.get("path")
    return f"{message} (at {'.'.join(map(str, path))})" if isinstance(path, list) and path else message


def _no_variables(words: str) -> ParameterInvalid:
    return ParameterInvalid(
        f"The variables are no JSON object ({words}).",
        "Write an object, or one expression that gives it: {{ $json }}.",
        details={"field": "params.variables"},
    )
