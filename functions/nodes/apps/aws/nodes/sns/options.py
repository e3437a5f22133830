"""The account's topics, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.aws.service import service_of
from stepweave.runtime.asks import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def topics(asked: Asked, wanted: Wanted) -> Options:
    """Return the topics of the credential's account, FIFO topics among them."""
    request: dict[str, Any] = {"NextToken": wanted.page or None}
    answer = service_of(asked, "sns").call("ListTopics", "the account's topics", **request)
    arns = [str(one["TopicArn"]) for one in answer.get("Topics", [])]
    return Options([Option(arn, arn.rpartition(":")[2]) for arn in arns], str(answer.get("NextToken") or ""))


LOADERS: Final[Mapping[str, LoadOptions]] = {"topics": topics}
