"""Several items in one request to Graph (`$batch`): each has its own answer, and its own refusal.

Graph answers in any order, and an answer of 429 is that of one item. See learn.microsoft.com/graph/json-batching.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from functions.nodes.apps.microsoft.graph import BASE_URL
from functions.nodes.apps.microsoft.refusals import told as read_refusal
from stepweave.spec.operations import Call, RequestSpec

BATCH: Final = RequestSpec("POST", "/$batch", body={"requests": "{requests}"})
MOST: Final = 4
"""A mailbox works on four requests at a time, and refuses others (learn.microsoft.com/graph/throttling-limits)."""

Give = Callable[[Any, Any], dict[str, Any]]
"""What an item gives, of its parameters and the answer."""


def batched(
    batch: Sequence[tuple[Call, Any]], request_of: Callable[[Any], tuple[RequestSpec, Mapping[str, Any]]], give: Give
) -> Iterator[list[dict[str, Any]] | Exception]:
    """Yield what each of some items gives, or its error.

    Args:
        batch: items' calls and parameters.
        request_of: of an item's parameters: its request, and values besides the parameters; may raise NodeError.
        give: what becomes of the answer.
    """
    from stepweave.runtime.errors import NodeError

    ready: list[tuple[Any, RequestSpec, dict[str, Any]]] = []
    for _, params in batch:
        try:
            request, more = request_of(params)
        except NodeError:
            if not ready:
                raise
            break  # it comes next, with its error
        ready.append((params, request, {**params.model_dump(mode="json", by_alias=True), **more}))
    call = batch[0][0]
    if len(ready) == 1:
        [(params, request, values)] = ready
        yield [give(params, call.ask(request, **values))]
        return
    requests = [_request(index, request, values) for index, (_, request, values) in enumerate(ready)]
    try:
        answers = _answers(call.ask(BATCH, requests=requests))
    except NodeError as error:
        yield from [error] * len(ready)
        return
    for index, (params, _, _) in enumerate(ready):
        failed = _error(answers.get(str(index)), str(requests[index]["url"]))
        yield failed if failed is not None else [give(params, answers[str(index)].get("body"))]


def _request(index: int, request: RequestSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    from stepweave.runtime.http.filling import body_of, pairs_of, path_of

    made: dict[str, Any] = {"id": str(index), "method": request.method, "url": path_of(request.path, values)}
    headers = dict(pairs_of(request.headers, values))
    if request.body is not None:
        made["body"] = body_of(request.body, values)
        headers["Content-Type"] = "application/json"
    return {**made, "headers": headers} if headers else made


def _answers(answer: Any) -> dict[str, Mapping[str, Any]]:
    found = answer.get("responses") if isinstance(answer, Mapping) else None
    return {str(one.get("id")): one for one in found or [] if isinstance(one, Mapping)}


def _error(answer: Mapping[str, Any] | None, url: str) -> Exception | None:
    """Return the error of one answer; None where it is fine."""
    from stepweave.runtime.http.refusals import refused, seconds_until, words_of
    from stepweave.runtime.http.told import told
    from stepweave.runtime.http.url import target_of
    from stepweave.runtime.http_errors import ResponseInvalid

    target = target_of(BASE_URL + url)
    if answer is None:
        return ResponseInvalid(f"{target}: Graph did not answer to it.", "Look whether it was done, and try again.")
    status = int(answer.get("status") or 0)
    if status < 400:
        return None
    headers = {str(name).lower(): str(value) for name, value in (answer.get("headers") or {}).items()}
    wait = headers.get("retry-after", "")
    error = told(read_refusal, status, answer.get("body"), target)
    if error is None:
        return refused(status, "", target, words_of(str(answer.get("body") or "")), wait)
    error.retry_after = seconds_until(wait)
    return error
