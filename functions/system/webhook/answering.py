"""Answers to webhook callers: what workflows answer, and that they failed."""

import base64
import json
from typing import Any, Final

from stepweave.model.events import ErrorInfo
from stepweave.model.json_text import write
from stepweave.model.step import StepResponse
from stepweave.runtime.answers import is_allowed
from stepweave_data.hooks.bodies import content_type
from stepweave_data.hooks.refusals import SANDBOX, problem

EXECUTION_HEADER: Final = "x-stepweave-execution"
MOST_BYTES: Final = 4_400_000
"""In base64 this fits Lambda's response of 6 MB with room for headers (AWS Lambda quotas)."""
PLATFORM: Final = ("States.", "Lambda.", "Runtime.", "Sandbox.")
"""Begin of error names that are Step Functions' and Lambda's own; their texts tell our inside."""

NOTHING: Final[StepResponse] = {"statusCode": 204, "headers": {}, "body": None}
"""The answer of a workflow that ran and had none to give."""


def accepted(execution_id: str, public_url: str, *, replayed: bool = False) -> dict[str, Any]:
    """Return 202: the workflow runs, and its state can be asked for.

    Args:
        execution_id: what runs.
        public_url: the origin people see.
        replayed: an earlier call with the same Idempotency-Key started it.
    """
    body = {"executionId": execution_id, "statusUrl": f"{public_url}/executions/{execution_id}"}
    headers = {"content-type": "application/json", "cache-control": "no-store", EXECUTION_HEADER: execution_id}
    if replayed:
        headers["idempotent-replayed"] = "true"
    return {"statusCode": 202, "headers": {**SANDBOX, **headers}, "body": json.dumps(body)}


def answered(response: StepResponse, execution_id: str) -> dict[str, Any]:
    """Return what a workflow answers, or a trigger that starts nothing (without an execution's id)."""
    headers = _headers(response["headers"])
    content = _content(response["body"], headers)
    if len(content) > MOST_BYTES:
        words = f"The workflow's answer has {len(content)} bytes; at most {MOST_BYTES} can be sent."
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
