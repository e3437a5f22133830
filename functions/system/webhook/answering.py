"""Answers to webhook callers: what workflows answer, and that they failed."""

import base64
import json
from collections.abc import Callable
from typing import Any, Final

from functions.system.webhook.targets import HookAnswer
from stepweave.model.events import ErrorInfo
from stepweave.model.items import BinaryRef
from stepweave.model.json_text import write
from stepweave.model.sizes import size_text
from stepweave.model.step import StepResponse
from stepweave.runtime.answers import BODILESS, is_allowed
from stepweave.runtime.errors import NodeError
from stepweave_data.hooks.bodies import content_type
from stepweave_data.hooks.refusals import SANDBOX, problem

EXECUTION_HEADER: Final = "x-stepweave-execution"
MOST_BYTES: Final = 42 * 1024 * 1024 // 10
"""In base64 this fits Lambda's response of 6 MB with room for headers (AWS Lambda quotas)."""
PLATFORM: Final = ("States.", "Lambda.", "Runtime.", "Sandbox.")
"""Begin of error names that are Step Functions' and Lambda's own; their texts tell our inside."""

NOTHING: Final[StepResponse] = {"statusCode": 204, "headers": {}, "body": None}
"""The answer of a workflow that ran and had none to give."""


REPLAYED: Final = "idempotent-replayed"

Fetch = Callable[[BinaryRef], bytes]
"""Fetches a file. Raises DataMissing, StorageUnavailable."""


def accepted(execution_id: str, public_url: str) -> dict[str, Any]:
    """Return 202: the workflow runs, and its state can be asked for.

    Args:
        execution_id: what runs.
        public_url: the origin people see.
    """
    body = {"executionId": execution_id, "statusUrl": f"{public_url}/executions/{execution_id}"}
    headers = {"content-type": "application/json", "cache-control": "no-store", EXECUTION_HEADER: execution_id}
    return {"statusCode": 202, "headers": {**SANDBOX, **headers}, "body": json.dumps(body)}


def at_once(execution_id: str, public_url: str, wanted: HookAnswer) -> dict[str, Any]:
    """Return the answer of a webhook that answers before its workflow ran: 202, with what the trigger says of it."""
    answer = accepted(execution_id, public_url)
    status, headers = wanted.get("status") or 202, _headers(wanted.get("headers", {}))
    body = wanted.get("body", "")
    if body:
        answer["headers"]["content-type"] = "text/plain; charset=utf-8"
    if status in BODILESS:
        del answer["headers"]["content-type"]
        headers.pop("content-type", None)
    own = {**answer["headers"], **headers, EXECUTION_HEADER: execution_id, **SANDBOX}
    content = "" if status in BODILESS else body or answer["body"]
    return {"statusCode": status, "headers": own, "body": content}


def of_last(response: StepResponse | None, wanted: HookAnswer) -> StepResponse:
    """Return the answer made of the last node's items as the trigger says: which of them, status and headers."""
    items = wanted.get("items", "auto")
    body = response["body"] if response else None
    found = [] if response is None else body if isinstance(body, list) else [body]
    if items == "allItems":
        body = found
    elif items == "firstItem":
        body = found[0] if found else None
    elif items == "none":
        body = None
    nothing = body is None
    status = wanted.get("status") or (NOTHING["statusCode"] if nothing and items != "none" else 200)
    given = {} if nothing else {"content-type": "application/json; charset=utf-8"}
    return {"statusCode": status, "headers": {**given, **wanted.get("headers", {})}, "body": body}


def replayed(execution_id: str, answer: dict[str, Any] | None, public_url: str) -> dict[str, Any]:
    """Return the answer to a call that was made before: that of the first, or 202 while it has none."""
    given = answer or accepted(execution_id, public_url)
    return {**given, "headers": {**given["headers"], REPLAYED: "true"}}


def answered(response: StepResponse, execution_id: str, fetch: Fetch | None = None) -> dict[str, Any]:
    """Return what a workflow answers, or a trigger that starts nothing (without an execution's id).

    Args:
        response: the answer.
        execution_id: whose.
        fetch: fetches its file, where it may be one.
    """
    headers = _headers(response["headers"])
    file = response.get("file")
    size = file["size"] if file else 0
    try:
        content = fetch(file) if file and fetch and size <= MOST_BYTES else _content(response["body"], headers)
    except NodeError as error:
        return failed(error.to_json(), execution_id)
    size = max(size, len(content))
    if size > MOST_BYTES:
        words = f"The workflow's answer has {size_text(size)}; at most {size_text(MOST_BYTES)} can be sent."
        return problem(
            500,
            "answer_too_large",
            "The answer is too large",
            words,
            {EXECUTION_HEADER: execution_id},
            executionId=execution_id,
        )
    own = {**({EXECUTION_HEADER: execution_id} if execution_id else {}), **SANDBOX}
    return {
        "statusCode": response["statusCode"],
        "headers": {**headers, **own},
        "body": base64.b64encode(content).decode(),
        "isBase64Encoded": True,
    }


def failed(error: ErrorInfo, execution_id: str) -> dict[str, Any]:
    """Return 500 for a workflow that failed, with its error's name and words and nothing of our inside."""
    message = error["message"]
    if error["type"].startswith(PLATFORM):
        message = "The platform could not carry the workflow out; the execution's page has the details."
    return problem(
        500,
        "workflow_failed",
        "The workflow failed",
        f"{error['type']}: {message}",
        {EXECUTION_HEADER: execution_id},
        executionId=execution_id,
        error={"type": error["type"], "message": message},
    )


def _content(body: Any, headers: dict[str, str]) -> bytes:
    """Return a body's bytes, and add the content type where the workflow named none."""
    if body is None:
        return b""
    if not isinstance(body, str):
        headers.setdefault("content-type", "application/json; charset=utf-8")
        return write(body).encode()
    charset = content_type(headers)[1].get("charset", "utf-8")
    try:
        return body.encode(charset)
    except (LookupError, UnicodeEncodeError):
        return body.encode("utf-8", "replace")


def _headers(given: dict[str, str]) -> dict[str, str]:
    """Return a workflow's headers in lower case without those it may not set, each on one line."""
    lower = {name.lower(): " ".join(str(value).splitlines()) for name, value in given.items()}
    return {name: value for name, value in lower.items() if is_allowed(name)}
