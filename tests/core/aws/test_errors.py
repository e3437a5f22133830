"""An error is read from any of AWS's protocols."""

import pytest

from stepweave.aws.errors import AwsError


@pytest.mark.parametrize(
    ("status", "headers", "body", "code", "message", "retryable"),
    [
        (400, {}, b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}', "QueueDoesNotExist", "no", False),
        (400, {"x-amzn-errortype": "com.amazonaws.sqs#QueueDoesNotExist"}, b"{}", "QueueDoesNotExist", "{}", False),
        (400, {"x-amzn-errortype": "ThrottlingException:http://x/"}, b"{}", "ThrottlingException", "{}", True),
        (
            403,
            {},
            b"<E><Code>AccessDenied</Code><Message>not\nyours</Message></E>",
            "AccessDenied",
            "not\nyours",
            False,
        ),
        (503, {}, b"busy", "Http503", "busy", True),
        (400, {}, b"", "Http400", "", False),
        (400, {}, b"{" * 100_000, "Http400", "{" * 300, False),
        (400, {}, b'{"a":' * 100_000, "Http400", ('{"a":' * 60), False),
    ],
)
def test_code_and_words_are_found(
    status: int, headers: dict[str, str], body: bytes, code: str, message: str, retryable: bool
) -> None:
    error = AwsError.of(status, headers, body)
    assert (error.code, error.message, error.retryable, error.status) == (code, message, retryable, status)
