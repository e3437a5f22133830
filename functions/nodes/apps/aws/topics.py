"""A topic of SNS: subscribed to, confirmed, unsubscribed from; and the account's topics."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from functions.nodes.apps.aws.specs import REGION
from stepweave.runtime.aws_account import Account
from stepweave.runtime.aws_errors import AwsRefused, AwsResourceMissing
from stepweave.runtime.aws_roles import texts
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import ResponseInvalid
from stepweave.runtime.options import Option, Options, Wanted

FIELD: Final = "params.topic"
PENDING: Final = "PendingConfirmation"
_VERSION: Final = "2010-03-31"
_ARN: Final = re.compile(rf"arn:[a-z-]+:sns:(?P<region>{REGION}):[0-9]{{12}}:(?P<name>[\w-]{{1,256}}(?P<fifo>\.fifo)?)")
_MOST_PAGES: Final = 100


class Topic:
    """A topic in an account. Every method raises what `specs.ERRORS` names.

    Args:
        account: who asks.
        arn: of the topic.

    Raises:
        ParameterInvalid: it is no topic's ARN, or the topic cannot call anybody.
    """

    def __init__(self, account: Account, arn: str) -> None:
        found = _ARN.fullmatch(arn)
        if found is None:
            remedy = "Copy its ARN from the console of SNS: arn:aws:sns:eu-central-1:123456789012:orders"
            raise ParameterInvalid("It is no ARN of a topic.", remedy, details={"field": FIELD})
        if found["fifo"]:
            remedy = "Subscribe a queue to it, and use the trigger for SQS."
            raise ParameterInvalid("A FIFO topic cannot call an address.", remedy, details={"field": FIELD})
        self.arn = arn
        self.account = account.within(found["region"])
        self._about = f"the topic {found['name']}"

    def subscribe(self, address: str, filter_policy: Mapping[str, Any] | None, scope: str) -> str:
        """Have the topic call an address, which is asked at once whether it wants that. Return the subscription's ARN.

        Args:
            address: a URL.
            filter_policy: which messages are wanted; None for all.
            scope: what the policy is about: `MessageAttributes` or `MessageBody`.
        """
        attributes = {"RawMessageDelivery": "false"}
        if filter_policy is not None:
            attributes |= {"FilterPolicyScope": scope, "FilterPolicy": json.dumps(filter_policy)}
        request = {
            "TopicArn": self.arn,
            "Protocol": address.partition(":")[0],
            "Endpoint": address,
            "ReturnSubscriptionArn": "true",
        }
        for index, (name, value) in enumerate(attributes.items(), 1):
            request |= {f"Attributes.entry.{index}.key": name, f"Attributes.entry.{index}.value": value}
        found = texts(self._ask("Subscribe", request), "SubscriptionArn")
        if not found:
            raise ResponseInvalid("What answers to sns:Subscribe is not SNS.", "Check the endpoint in the credential.")
        return found[0]

    def confirm(self, token: str) -> None:
        """Say that the address wants to be called. Needs no key: the token is what counts."""
        self._ask("ConfirmSubscription", {"TopicArn": self.arn, "Token": token}, signed=False)

    def unsubscribe(self, subscription: str) -> None:
        """End a subscription. One that is gone, or was never confirmed and goes by itself, is fine."""
        try:
            self._ask("Unsubscribe", {"SubscriptionArn": subscription})
        except AwsResourceMissing:
            return
        except AwsRefused as error:
            if "pending" not in error.message.lower():
                raise

    def subscriptions(self, address: str) -> list[str]:
        """Return the ARNs of the confirmed subscriptions of an address; none where the topic is gone."""
        found: list[str] = []
        try:
            for xml in self._pages():
                arns, addresses = texts(xml, "SubscriptionArn"), texts(xml, "Endpoint")
                found += [arn for arn, one in zip(arns, addresses, strict=False) if one == address and arn != PENDING]
        except AwsResourceMissing:
            return []
        return found

    def _pages(self) -> Iterator[str]:
        after: dict[str, str] = {}
        for _ in range(_MOST_PAGES):
            xml = self._ask("ListSubscriptionsByTopic", {"TopicArn": self.arn, **after})
            yield xml
            next_token = texts(xml, "NextToken")
            if not next_token or not next_token[0]:
                return
            after = {"NextToken": next_token[0]}

    def _ask(self, action: str, request: Mapping[str, str], *, signed: bool = True) -> str:
        return self.account.query("sns", action, _VERSION, request, about=self._about, field=FIELD, signed=signed)


def topics(account: Account, wanted: Wanted) -> Options:
    """Return the topics of an account that can call an address, to choose from."""
    request = {"NextToken": wanted.page} if wanted.page else {}
    xml = account.query("sns", "ListTopics", _VERSION, request, about="the account's topics")
    arns = [arn for arn in texts(xml, "TopicArn") if not arn.endswith(".fifo")]
    return Options([Option(arn, arn.rpartition(":")[2]) for arn in arns], (texts(xml, "NextToken") or [""])[0])
