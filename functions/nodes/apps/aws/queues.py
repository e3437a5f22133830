"""A queue of SQS: found by its name, URL or ARN; received from, deleted from, looked at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from functions.nodes.apps.aws.specs import REGION
from stepweave.runtime.aws_account import Account
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.runtime.options import Option, Options, Wanted

FIELD: Final = "params.queue"
BATCH: Final = 10
"""Messages of one call."""
_PAGE: Final = 1000
_URL: Final = re.compile(r"https?://(?P<host>[^/\s]+)/(?P<path>[^\s?#]*[^\s?#/])")
_ARN: Final = re.compile(
    rf"arn:[a-z-]+:sqs:(?P<region>{REGION}):(?P<account>[0-9]{{12}}):(?P<name>[\w-]{{1,80}}(\.fifo)?)"
)
_NAME: Final = re.compile(r"[\w-]{1,80}(\.fifo)?")
_HOST: Final = re.compile(rf"(?:sqs\.(?P<region>{REGION})|(?P<older>{REGION})\.queue)\.amazonaws\.com(\.cn)?")


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue in an account. Every method raises what `specs.ERRORS` names."""

    account: Account
    url: str

    @property
    def name(self) -> str:
        """The last part of its URL."""
        return self.url.rpartition("/")[2]

    def attributes(self) -> Mapping[str, str]:
        """Return what is set for it: `RedrivePolicy`, `VisibilityTimeout`, ..."""
        found = self._call("GetQueueAttributes", {"AttributeNames": ["All"]}).get("Attributes")
        return found if isinstance(found, dict) else {}

    def receive(self, most: int, *, hidden: int, wait: int) -> list[dict[str, Any]]:
        """Return messages, at most `BATCH`.

        Args:
            most: how many.
            hidden: seconds for which nobody else gets them.
            wait: seconds to wait for the first; with 0 only some of the queue's servers are asked.
        """
        request = {
            "MaxNumberOfMessages": min(most, BATCH),
            "VisibilityTimeout": hidden,
            "WaitTimeSeconds": wait,
            "AttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        }
        found = self._call("ReceiveMessage", request).get("Messages") or []
        if not isinstance(found, list) or not all(map(_is_message, found)):
            raise ResponseInvalid("What answers to sqs:ReceiveMessage is not SQS.", "Check the endpoint.")
        return found

    def delete(self, receipts: Sequence[str]) -> None:
        """Delete messages. Those whose receipt has ended stay: they come again, with another."""
        for batch in _batches(receipts):
            # Numbers as ids: two receipts may be of one message, and ids of a batch must differ.
            entries = [{"Id": str(index), "ReceiptHandle": receipt} for index, receipt in enumerate(batch)]
            self._call("DeleteMessageBatch", {"Entries": entries}, action="DeleteMessage")

    def release(self, receipts: Sequence[str]) -> None:
        """Let others have messages at once."""
        for batch in _batches(receipts):
            entries = [
                {"Id": str(index), "ReceiptHandle": receipt, "VisibilityTimeout": 0}
                for index, receipt in enumerate(batch)
            ]
            self._call("ChangeMessageVisibilityBatch", {"Entries": entries}, action="ChangeMessageVisibility")

    def _call(self, name: str, request: Mapping[str, Any], action: str = "") -> dict[str, Any]:
        whole = {"QueueUrl": self.url, **request}
        return _call(self.account, name, whole, f"the queue {self.name}", action)


def queue_of(account: Account, named: str) -> Queue:
    """Return a queue by what a person wrote: its name, URL or ARN.

    A URL is not where anything is sent to; only its region counts, and SQS is told it.

    Raises:
        ParameterInvalid: it is none of these.
        NodeError: what `specs.ERRORS` names.
    """
    text = named.strip()
    if found := _URL.fullmatch(text):
        placed = _HOST.fullmatch(found["host"].lower())
        if placed is None and not account.endpoint:
            raise _unlike(f"{found['host']} is no host of SQS.")
        region = (placed["region"] or placed["older"] or "") if placed and not account.endpoint else ""
        return Queue(account.within(region), text)
    if found := _ARN.fullmatch(text):
        inside = account.within(found["region"])
        request = {"QueueName": found["name"], "QueueOwnerAWSAccountId": found["account"]}
        return Queue(inside, _url(inside, request))
    if _NAME.fullmatch(text):
        return Queue(account, _url(account, {"QueueName": text}))
    raise _unlike("It is no name, no URL and no ARN of a queue.")


def queues(account: Account, wanted: Wanted) -> Options:
    """Return the queues of an account to choose from."""
    request: dict[str, Any] = {"MaxResults": _PAGE}
    if wanted.page:
        request["NextToken"] = wanted.page
    answer = _call(account, "ListQueues", request, "the account's queues")
    urls = [str(url) for url in answer.get("QueueUrls") or []]
    return Options([Option(url, url.rpartition("/")[2]) for url in urls], str(answer.get("NextToken") or ""))


def _url(account: Account, request: Mapping[str, str]) -> str:
    url = _call(account, "GetQueueUrl", request, f"the queue {request['QueueName']}").get("QueueUrl")
    if not isinstance(url, str) or not url:
        raise ResponseInvalid("What answers to sqs:GetQueueUrl is not SQS.", "Check the endpoint.")
    return url


def _call(account: Account, name: str, request: Mapping[str, Any], about: str, action: str = "") -> dict[str, Any]:
    return account.call("sqs", f"AmazonSQS.{name}", request, about=about, field=FIELD, action=action)


def _unlike(problem: str) -> ParameterInvalid:
    remedy = "Write its name, or copy its URL or ARN from the console of SQS."
    return ParameterInvalid(problem, remedy, details={"field": FIELD})


def _is_message(found: Any) -> bool:
    return isinstance(found, dict) and all(isinstance(found.get(name), str) for name in ("MessageId", "ReceiptHandle"))


def _batches(receipts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (receipts[start : start + BATCH] for start in range(0, len(receipts), BATCH))
