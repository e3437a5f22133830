"""Calls a function for each item."""

import base64
import json
from typing import Any, Final

from functions.nodes.apps.aws.nodes.lambda_.errors import LambdaFunctionFailed
from functions.nodes.apps.aws.nodes.lambda_.spec import Params
from functions.nodes.apps.aws.service import Services
from stepweave.model.items import Item, item
from stepweave.model.json_text import JsonInvalid, mended_text, read
from stepweave.runtime import Entry, Step

_MOST_LOG: Final = 4000


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what the functions gave, in the order of the input items."""
    services = Services(step, "lambda")

    def called(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        waits = params.call == "wait"
        answer = services.of(params.region, params.function).call(
            "Invoke",
            f"the function {params.function}",
            field="params.function",
            FunctionName=params.function,
            Qualifier=params.qualifier or None,
            InvocationType="RequestResponse" if waits else "Event",
            LogType="Tail" if waits else None,
            Payload=mended_text(json.dumps(params.payload)).encode(),
        )
        text = answer["Payload"].read().decode("utf-8", "replace") if answer.get("Payload") else ""
        if answer.get("FunctionError"):
            raise _failed(params.function, text, answer)
        if not waits:
            return [item({"requestId": answer.get("requestId", "")})]
        result = _result(text)
        return [item(result if isinstance(result, dict) else {"result": result})]

    return step.each(called)


def _result(text: str) -> Any:
    try:
        return read(text) if text.strip() else None
    except JsonInvalid:
        return text


def _failed(function: str, text: str, answer: dict[str, Any]) -> LambdaFunctionFailed:
    told = _result(text)
    told = told if isinstance(told, dict) else {"errorMessage": str(told)[:1000]}
    kind, words = str(told.get("errorType") or ""), str(told.get("errorMessage") or "")
    log = base64.b64decode(answer.get("LogResult") or "").decode("utf-8", "replace")
    details: dict[str, Any] = {
        "errorType": kind,
        "stack": [str(line)[:500] for line in told.get("stackTrace") or []][:20],
        "log": log[-_MOST_LOG:],
    }
    said = ": ".join(part for part in (kind, words[:1000]) if part) or "it says nothing"
    return LambdaFunctionFailed(
        f"The function {function} failed ({said}).",
        "Look at its log in CloudWatch, and at the event it was given.",
        details={name: value for name, value in details.items() if value},
    )
