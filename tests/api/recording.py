"""Watches what the API answers its tests: every refusal must be one that its operation tells of in the OpenAPI
document, and examples in that document must be what a test gets.

`examples.py` records the examples: here they are noted where `STEPWEAVE_RECORD_EXAMPLES` names a folder, and compared
with the committed ones where it does not.
"""

import json
import os
import re
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final

import httpx

from api.errors import MEDIA_TYPE
from api.openapi import CATALOGUE, EXAMPLES, complete, example_of
from tests.api.normalising import plain

FOLDER: Final = os.environ.get("STEPWEAVE_RECORD_EXAMPLES", "")
_seen: set[tuple[str, str, str]] = set()


def watch(response: httpx.Response) -> None:
    """Look at an answer. An event hook of the tests' clients."""
    operation = operation_of(response.request.method, response.request.url.path)
    if operation is None:
        return
    response.read()
    name = operation["operationId"]
    if response.headers.get("content-type") == MEDIA_TYPE:
        code = response.json()["code"]
        told = operation["responses"].get(str(response.status_code), {}).get("content", {})
        assert code in told.get(MEDIA_TYPE, {}).get("examples", {}), (
            f"{name} refuses with {response.status_code} {code}, which its route does not name in `refuses(...)`"
        )
        _note("refusals", code, lambda: {"answer": plain(response.json())})
    elif name != CATALOGUE and str(response.status_code) in operation["responses"]:
        _note("operations", example_of(operation, str(response.status_code)), lambda: _exchange(response))


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation that a request is for."""
    found = (one for known, pattern, one in _operations() if known == method and pattern.fullmatch(path))
    return next(found, None)


@cache
def _operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    paths = sorted(complete({})["paths"].items(), key=lambda entry: "{" in entry[0])
    return [
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), operation)
        for path, methods in paths
        for method, operation in methods.items()
    ]


@cache
def _examples() -> dict[str, Any]:
    return dict(json.loads(EXAMPLES.read_text(encoding="utf-8")))


def _exchange(response: httpx.Response) -> dict[str, Any]:
    found: dict[str, Any] = {"status": response.status_code}
    with suppress(RuntimeError, ValueError):  # no body, or not at once (httpx2.RequestNotRead)
        found["body"] = json.loads(response.request.content)
    if response.content:
        found["answer"] = response.json()
    return dict(plain(found))


def _note(kind: str, name: str, example: Callable[[], dict[str, Any]]) -> None:
    """Note the first example of its kind in a test, or compare it with the committed one that this test gave.

    Args:
        kind: `operations` or `refusals`.
        name: the operation's, with the status, or the refusal's code.
        example: makes it, which takes longer than the API takes to answer.
    """
    test = os.environ["PYTEST_CURRENT_TEST"].rsplit(" ", 1)[0]
    if "/fuzz/" in test:
        return
    if (test, kind, name) in _seen:
        return
    _seen.add((test, kind, name))
    if FOLDER:
        line = json.dumps({"kind": kind, "name": name, "test": test, **example()})
        with (Path(FOLDER) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        return
    committed = _examples()[kind].get(name, {})
    if committed.get("test") == test:
        assert committed == {"test": test, **example()}, f"the example of {name} is stale: run `make examples`"
