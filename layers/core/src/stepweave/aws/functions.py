"""Lambda: invoke a function."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from stepweave.aws.errors import AwsError
from stepweave.aws.transport import Transport
from stepweave.model.json_text import write


class Functions:
    """Invokes functions."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def invoke(self, name: str, payload: Mapping[str, Any], *, timeout: float = 10.0, repeatable: bool = True) -> Any:
        """Invoke a function, wait, and return what it returned.

        Args:
            name: function name or ARN.
            payload: JSON data.
            timeout: seconds to wait.
            repeatable: whether it may be invoked again where it is unknown whether it ran.

        Raises:
            AwsError: `FunctionError` with the function's own words when it raised; else as the service says.
        """
        reply = self._send(name, payload, "RequestResponse", timeout, repeatable)
        answer = json.loads(reply.body or b"null")
        if "x-amz-function-error" in reply.headers:
            details = answer if isinstance(answer, dict) else {}
            words = f"{details.get('errorType', 'Error')}: {details.get('errorMessage', 'no message')}"
            raise AwsError("FunctionError", words, status=reply.status)
        return answer

    def start(self, name: str, payload: Mapping[str, Any]) -> None:
        """Hand a function its payload and do not wait (`InvocationType` Event).

        Raises:
            AwsError: the service did not take it.
        """
        self._send(name, payload, "Event", 10.0, True)

    def _send(self, name: str, payload: Mapping[str, Any], kind: str, timeout: float, repeatable: bool) -> Any:
        return self._transport.send(
            "lambda",
            "POST",
            f"/2015-03-31/functions/{quote(name, safe='')}/invocations",
            {"content-type": "application/json", "x-amz-invocation-type": kind},
            write(payload).encode(),
            timeout=timeout,
            repeatable=repeatable,
        )
