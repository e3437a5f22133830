"""Chats, for the editor to choose from: those with a topic by it, others by who is in them."""

from collections.abc import Mapping
from typing import Any, Final

from functions.nodes.apps.microsoft.graph import unsized
from functions.nodes.apps.microsoft.nodes.teams.spec import APP
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http.options import loaders_of
from stepweave.runtime.options import LoadOptions, Option, Options, Wanted
from stepweave.spec.operations import RequestSpec

_CHATS: Final = RequestSpec("GET", "/me/chats", query=(("$expand", "members"),))


def chats(asked: Asked, wanted: Wanted) -> Options:
    """Return the chats of the account."""
    credential = str(asked.param("credential") or "")
    found, after = asking(APP, asked, credential, _CHATS, {}).page(unsized(), "value", wanted.page)
    return Options([Option(str(one["id"]), _name(one), str(one.get("chatType", ""))) for one in found], after)


LOADERS: Final[Mapping[str, LoadOptions]] = {
    **loaders_of(APP, "teams", "channels", "plans", "buckets"),
    "chats": chats,
}


def _name(chat: Mapping[str, Any]) -> str:
    names = (str(one.get("displayName") or "") for one in chat.get("members") or [])
    return str(chat.get("topic") or ", ".join(filter(None, names)) or "Chat")
