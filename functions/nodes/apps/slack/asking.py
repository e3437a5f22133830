"""Requests to Slack that operations which are functions share."""

import re
from typing import Any, Final

from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http_errors import HttpClientError
from stepweave.spec.operations import Call, RequestSpec

_ID: Final = re.compile(r"[CGD][A-Z0-9]{6,}")
_PERSON: Final = re.compile(r"[UW][A-Z0-9]{6,}")
_MOST_LISTED: Final = 20_000


def ask(call: Call, method: str, values: dict[str, Any]) -> dict[str, Any]:
    """Ask for one of Slack's methods with JSON, and return its answer; arguments that are None are not sent."""
    given = {name: value for name, value in values.items() if value is not None}
    request = RequestSpec("POST", f"/{method}", body={name: f"{{{name}}}" for name in given})
    answer: dict[str, Any] = call.ask(request, **given)
    return answer


def fine_with(call: Call, method: str, values: dict[str, Any], code: str) -> dict[str, Any]:
    """Ask as `ask` does; a refusal with `code` says that it is so already, which is no error."""
    try:
        return ask(call, method, values)
    except HttpClientError as error:
        if error.details.get("code") != code:
            raise
        call.log(f"It is so already ({code}).")
        return {"ok": True, "already": True}


def channel_id(call: Call, channel: str) -> str:
    """Return the id of a channel, which some methods insist on: by its name, or of the talk with a person.

    Raises:
        ParameterInvalid: no channel that the app sees has this name.
    """
    channel = channel.strip()
    if _ID.fullmatch(channel):
        return channel
    if _PERSON.fullmatch(channel):
        return str(ask(call, "conversations.open", {"users": channel})["channel"]["id"])
    from functions.nodes.apps.slack.spec import CHANNELS, PAGES

    name = channel.lstrip("#").lower()
    for place, one in enumerate(call.pages(CHANNELS.request, PAGES, "channels")):
        if one.get("name") == name:
            return str(one["id"])
        if place >= _MOST_LISTED:
            break
    raise ParameterInvalid(
        f"The app sees no channel #{name[:80]}.",
        "Choose it from the list or write its id; add the app to it where it is private.",
        details={"field": "params.channel"},
    )
