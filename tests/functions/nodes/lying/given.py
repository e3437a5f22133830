"""What cannot be made up of a node's forms, by its type. `{url}` stands for the server that lies, `{once}` for
another number each time.

An app's operations are made up one by one; what one needs besides stands under its id. A node that is missing here is
tried with what can be made up: it is added when the battery says that it asked no server.
"""

from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Given:
    """What a node type is tried with.

    Attributes:
        params: of the node.
        credential: the type of credential that it is tried with; "" for the first that it takes.
        data: of the credential, besides what can be made up.
        operations: of an app: parameters of an operation (by its own names), by its id.
        ask: what a trigger is asked.
        handed: what it is asked about.
        unread: lies that it may take for an answer, as it does not read what they are about; each with the reason.
        wordless: why some errors lack the server's words; "" where none may.
        endless: why a body without end is read as long as there is time; "" where it is refused for its size.
        most_requests: that it sends to a server that refuses.
        patient: why it tries again by itself, and reads what has no end for as long as it may; "" where it does not.
    """

    params: dict[str, Any] = field(default_factory=dict)
    credential: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    operations: dict[str, dict[str, Any]] = field(default_factory=dict)
    ask: str = ""
    handed: dict[str, Any] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    wordless: str = ""
    endless: str = ""
    most_requests: int = 12
    patient: str = ""


_TOKEN: Final = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJzdWIiOiJhZGEifQ.c2lnbmVk"
"""A token that names the key that it is signed with."""
_OWN: Final = "the provider's words are read where its protocol has them"

_AWS: Final = {"*": "botocore reads what it knows of an answer, and leaves the rest"}
_PATIENT: Final = "AWS's protocols have no Retry-After: it tries again itself, as AWS's own clients do"
_SDK: Final = "the provider's SDK reads an answer whole; what ends it is the step's time"
_SENT: Final = {"*": "status 200 alone says that a message was taken"}

GIVEN: Final[dict[str, Given]] = {
    "airtable": Given(operations={"record_upsert": {"fields": {"Name": "x"}, "matchOn": "Name"}}),
    "aws": Given({"service": "sqs", "operation": "ListQueues"}, unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "aws_dynamodb": Given(unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "aws_eventbridge": Given(unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "aws_lambda": Given(unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "aws_s3": Given(unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "aws_ses": Given(
        {"sender": "a@b.example", "to": "c@d.example", "text": "x"}, unread=_AWS, wordless=_OWN, patient=_PATIENT
    ),
    "aws_sns": Given({"topic": "arn:aws:sns:eu-west-1:123456789012:t"}, unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "aws_sqs": Given(unread=_AWS, wordless=_OWN, patient=_PATIENT),
    "email": Given({"to": "c@d.example", "text": "x"}, "resend", {"key": "re_1", "from": "a@b.example"}, unread=_SENT),
    "graphql": Given({"url": "{url}/graphql", "query": "{ a }", "maxResponseMb": 1}),
    "http_request": Given({"url": "{url}/x", "responseFormat": "json", "maxResponseMb": 1}),
    "jwt": Given(
        {"operation": "verify", "token": _TOKEN},
        data={"jwksUrl": "{url}/keys/{once}", "secret": "", "algorithm": "RS256"},
    ),
    "notion_trigger": Given({"database": "11112222-3333-4444-8555-666677778888"}),
    "poll_trigger": Given({"url": "{url}/x"}),
    "rss_read": Given({"url": "{url}/x"}),
    "rss_trigger": Given({"urls": "{url}/x"}),
    "sns_trigger": Given({"topic": "arn:aws:sns:eu-west-1:123456789012:t"}, wordless=_OWN, patient=_PATIENT),
    **{name: Given(wordless=_OWN, patient=_PATIENT) for name in ("eventbridge_trigger", "s3_trigger", "sqs_trigger")},
    **{
        name: Given(wordless=_OWN, endless=_SDK)
        for name in ("classify", "embed", "extract", "generate_image", "language_model", "moderate", "summarize_texts")
    },
    "transcribe": Given(
        wordless=_OWN, endless=_SDK, unread={"a page instead of JSON": "servers may answer with plain text"}
    ),
}

NOT_TRIED: Final[dict[str, str]] = {
    "agent": "it is steps of a machine; it asks its model as language_model does",
    "api_operation": "its document and its server come from the control plane",
}
"""Node types that the battery leaves out, and why."""
