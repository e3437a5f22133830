"""What an AWS call can raise."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final

_THROTTLES: Final = frozenset(
    {
        "ThrottlingException",
        "ThrottledException",
        "RequestThrottledException",
        "RequestThrottled",
        "TooManyRequestsException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "PriorRequestNotComplete",
        "EC2ThrottledException",
        "Throttling",
    }
)
"""Error codes that ask the caller to slow down (AWS SDK reference, "retry behavior")."""


class AwsError(Exception):
    """A call to AWS failed.

    Attributes:
        code: the service's error code (`ExecutionAlreadyExists`), or `ConnectionFailed`, `RequestTimeout`,
            `CredentialsMissing`, `ConfigurationMissing` where no service answered.
        message: the service's words.
        retryable: whether the same call may work later. Calls have been tried again already when this is raised.
        status: the HTTP status, 0 where no service answered.
    """

    def __init__(self, code: str, message: str, *, retryable: bool = False, status: int = 0) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retryable = retryable
        self.status = status

    @classmethod
    def answered(cls, code: str, message: str, status: int) -> "AwsError":
        """Return the error of a service's answer; throttles and 5xx are retryable."""
        return cls(code, message, retryable=status >= 500 or status == 429 or code in _THROTTLES, status=status)

    @classmethod
    def of(cls, status: int, headers: Mapping[str, str], body: bytes) -> "AwsError":
        """Return the error of an answer of any of AWS's protocols: JSON, or XML.

        Args:
            status: 300 and above.
            headers: by their names in lower case.
            body: of the answer.
        """
        text = body.decode("utf-8", "replace")
        code = headers.get("x-amzn-errortype", "").partition(":")[0].rpartition("#")[2]
        message = ""
        if text.lstrip().startswith("{"):
            data = _object(text)
            code = code or str(data.get("__type") or data.get("code") or "").rpartition("#")[2]
            message = str(data.get("message") or data.get("Message") or data.get("errorMessage") or "")
        elif found := re.search(r"<Code>(.*?)</Code>", text):
            code = found[1]
            words = re.search(r"<Message>(.*?)</Message>", text, re.DOTALL)
            message = words[1] if words else ""
        return cls.answered(code or f"Http{status}", message or text[:300], status)


def _object(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
