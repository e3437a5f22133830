"""The account's event buses, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.aws.service import service_of
from stepweave.runtime.asks import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def buses(asked: Asked, wanted: Wanted) -> Options:
    """Return the event buses of the credential's account, in its region."""
    request: dict[str, Any] = {"NextToken": wanted.page or None}
    answer = service_of(asked, "events").call("ListEventBuses", "the account's event buses", **request)
    return Options([Option(one["Name"]) for one in answer.get("EventBuses", [])], str(answer.get("NextToken") or ""))


LOADERS: Final[Mapping[str, LoadOptions]] = {"buses": buses}
