"""The OpenAPI document is complete: nothing is without a description or an example, and no refusal goes untold.

That every refusal is told is watched wherever the API's tests are refused something (`recording.py`).
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from api import codes
from api.errors import MEDIA_TYPE, STATUS
from api.openapi import EXAMPLES, PATH, document

HOSTILE = re.compile(r"127\.0\.0\.1:(?!8400)\d|arn:aws:kms|BEGIN [A-Z ]*PRIVATE KEY|hush")
IN_RESULTS = {"nothing_failed", "still_open"}
"""Told of single executions in a bulk's results only, never as an answer."""


def whole() -> dict[str, Any]:
    return dict(json.loads(PATH.read_text(encoding="utf-8")))


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in whole()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Return each body and answer: what it is, its media type, its content."""
    for media, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "body", media, content
    for status, response in operation["responses"].items():
        for media, content in response.get("content", {}).items():
            yield status, media, content


def test_the_committed_document_is_current() -> None:
    assert PATH.read_text(encoding="utf-8") == document()


def test_every_operation_parameter_and_property_is_described() -> None:
    missing = [f"{where}: {one['name']}" for where, found in operations() for one in found.get("parameters", ())
               if not one.get("description")]  # fmt: skip
    missing += [where for where, found in operations() if not found.get("description") or not found.get("tags")]
    for name, schema in whole()["components"]["schemas"].items():
        missing += [] if schema.get("description") else [name]
        missing += [f"{name}.{key}" for key, one in schema.get("properties", {}).items() if not one.get("description")]
    missing += [
        f"{where} {status}"
        for where, found in operations()
        for status, response in found["responses"].items()
        if not response.get("description")
    ]
    assert missing == []


def test_every_body_and_answer_has_an_example() -> None:
    known = whole()["components"]["examples"]
    missing = []
    for where, operation in operations():
        for what, media, content in contents(operation):
            if media != MEDIA_TYPE and "example" not in content:
                missing.append(f"{where} {what}")
            for code in content.get("examples", {}):
                missing += [] if code in known else [f"{where} {what} {code}"]
    assert missing == []


def test_each_refusal_is_under_its_status_with_its_code() -> None:
    found: set[str] = set()
    for where, operation in operations():
        for status, media, content in contents(operation):
            for name in content.get("examples", {}) if media == MEDIA_TYPE else ():
                found.add(name)
                assert str(STATUS[codes.ALL[name].kind]) == status, (where, name)
                assert f"`{name}`" in operation["responses"][status]["description"], (where, name)
    assert found == codes.ALL.keys() - IN_RESULTS
    for name, example in whole()["components"]["examples"].items():
        assert (example["value"]["code"], example["value"]["status"]) == (name, STATUS[codes.ALL[name].kind])


def test_examples_hold_no_secret_and_nothing_that_changes() -> None:
    text = EXAMPLES.read_text(encoding="utf-8")
    assert HOSTILE.findall(text) == []
    for token in re.findall(r'"accessToken": "([^"]*)"', text):
        assert token.endswith(".c2lnbmF0dXJl")
    moments = set(re.findall(r"\d{4}-\d\d-\d\dT[\d:.]+Z?", text))
    assert moments <= {"2026-01-05T09:30:00Z"}
