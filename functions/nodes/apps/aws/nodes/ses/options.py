"""The account's senders and templates, for the editor to choose from."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.aws.service import service_of
from stepweave.runtime.asks import Asked
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted


def senders(asked: Asked, wanted: Wanted) -> Options:
    """Return the addresses and domains that the account may send from."""
    request: dict[str, Any] = {"NextToken": wanted.page or None}
    answer = service_of(asked, "sesv2").call("ListEmailIdentities", "the account's identities", **request)
    found = [one for one in answer.get("EmailIdentities", []) if one.get("SendingEnabled", True)]
    return Options(
        [Option(one["IdentityName"], detail=one.get("IdentityType", "").lower()) for one in found],
        str(answer.get("NextToken") or ""),
    )


def templates(asked: Asked, wanted: Wanted) -> Options:
    """Return the account's templates of mails."""
    request: dict[str, Any] = {"NextToken": wanted.page or None}
    answer = service_of(asked, "sesv2").call("ListEmailTemplates", "the account's templates", **request)
    names = [Option(one["TemplateName"]) for one in answer.get("TemplatesMetadata", [])]
    return Options(names, str(answer.get("NextToken") or ""))


LOADERS: Final[Mapping[str, LoadOptions]] = {"senders": senders, "templates": templates}
