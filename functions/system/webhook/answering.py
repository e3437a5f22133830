"""Answers to webhook callers: problem documents (RFC 9457), and what workflows answer."""

import base64
import json
from typing import Any, Final

from stepweave.model.events import ErrorInfo
from stepweave.model.step import StepResponse

EXECUTION_HEADER: Final = "x-stepweave-execution"
FORBIDDEN: Final = frozenset(("content-length", "transfer-encoding", "connection", "set-cookie2"))


class Refusal(Exception):
    """A request that starts nothing. `answer` is what its caller gets."""

    def __init__(self, status: int, code: str, title: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.answer = problem(status, code, title, detail, headers)


def problem(
    status: int, code: str, title: str, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Return a problem document as an HTTP API answer."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code, **more}
    return {
        "statusCode": status,
        "headers": {"content-type": "application/problem+json", "cache-control": "no-store", **(headers or {})},
        "body": json.dumps(body),
    }


def accepted(execution_id: str, public_url: str) -> dict[str, Any]:
    """Return 202: the workflow runs, and its state can be asked for."""
    body = {"executionId": execution_id, "statusUrl": f"{public_url}/executions/{execution_id}"}
    return _json(202, body, execution_id)


def answered(response: StepResponse, execution_id: str) -> dict[str, Any]:
    """Return what a respond node said."""
    headers = {name: str(value) for name, value in response["headers"].items() if name.lower() not in FORBIDDEN}
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    body = response["body"]
    if "json" in kind or not isinstance(body, str | None):
        text = json.dumps(body)
        headers.setdefault("content-type", "application/json")
    else:
        text = body or ""
    # Base64 keeps every character whole, lone surrogates included as replacement characters.
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode()
    return {
        "statusCode": response["statusCode"],
        "headers": {**headers, EXECUTION_HEADER: execution_id},
        "body": encoded,
        "isBase64Encoded": True,
    }


def failed(error: ErrorInfo, execution_id: str) -> dict[str, Any]:
    """Return 500 for a workflow that failed, with its error's name and words and nothing of its inside."""
    return problem(
        500,
        "workflow_failed",
        "The workflow failed",
        f"{error['type']}: {error['message']}",
        {EXECUTION_HEADER: execution_id},
        executionId=execution_id,
    )


def _json(status: int, body: Any, execution_id: str) -> dict[str, Any]:
    headers = {"content-type": "application/json", "cache-control": "no-store", EXECUTION_HEADER: execution_id}
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
