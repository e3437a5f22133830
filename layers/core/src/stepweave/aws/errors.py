"""What an AWS call can raise."""

from typing import Final

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
