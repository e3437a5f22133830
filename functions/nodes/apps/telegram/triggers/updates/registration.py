"""The one address that a bot tells of its messages: set, looked at, given back (core.telegram.org/bots/api#setwebhook).

The address that Telegram is given ends with the workflow and the node whose it is: so a trigger knows its own former
address from anybody else's. The secret follows from the bot's token and the address: it need not be kept to be told
once more.
"""

import hashlib
import hmac
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from functions.nodes.apps.telegram.spec import APP
from functions.nodes.apps.telegram.triggers.updates.errors import BotTaken
from functions.nodes.apps.telegram.triggers.updates.spec import UPDATES
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.spec.operations import RequestSpec

_SET: Final = RequestSpec(
    "POST",
    "/{credential}/setWebhook",
    body={
        "url": "{url}",
        "secret_token": "{secret}",
        "allowed_updates": "{updates?}",
        "drop_pending_updates": "{drop}",
    },
)
_LOOK: Final = RequestSpec("GET", "/{credential}/getWebhookInfo")
_DELETE: Final = RequestSpec("POST", "/{credential}/deleteWebhook", body={})


def register(asked: Asked) -> dict[str, Any]:
    """Have Telegram call the address. Return what is kept: the secret of its calls. Raises BotTaken."""
    url = _marked(asked, asked.given["address"])
    former = _look(asked)
    before = _url(former)
    if before and not (_is_own(asked, before) and not asked.given.get("test")) and not _takes_over(asked):
        raise _taken(asked, before)
    secret = secret_of(asked, asked.given["address"])
    _ask(asked, _SET, url=url, secret=secret, updates=kinds(asked), drop=bool(asked.param("dropWaiting")))
    after = _url(_look(asked))
    if after != url:  # another trigger was registered at the same moment
        raise _taken(asked, after)
    return {"secret": secret, "before": former.get("allowed_updates")}


def give_back(asked: Asked) -> None:
    """Have Telegram call nobody; or, where a publish failed, what is live of the node again. Others stay."""
    if _url(_look(asked)) != _marked(asked, asked.given["address"]):
        return
    active = asked.given.get("active") or ""
    if active:
        updates = (asked.given.get("kept") or {}).get("before")
        _ask(asked, _SET, url=_marked(asked, active), secret=secret_of(asked, active), updates=updates, drop=False)
    else:
        _ask(asked, _DELETE)


def kinds(asked: Asked) -> list[str]:
    """Return the kinds of updates that are wanted, each once."""
    rows: list[dict[str, str]] = asked.param("updates") or []
    wanted = {row["kind"] for row in rows}
    return [kind for kind, _ in UPDATES if kind in wanted]


def secret_of(asked: Asked, address: str) -> str:
    """Return the secret of an address: nobody knows it who does not know the bot's token."""
    token = asked.credential(asked.param("credential") or "", APP.credential)["token"]
    return hmac.new(token.encode(), f"stepweave webhook {address}".encode(), hashlib.sha256).hexdigest()


def _marked(asked: Asked, address: str) -> str:
    return f"{address}?{urlencode({'workflow': asked.workflow_id, 'node': asked.node['id']})}"


def _is_own(asked: Asked, url: str) -> bool:
    """Whether an address is a former one of this very node: on this platform, with its marks."""
    own = urlsplit(_marked(asked, asked.given["address"]))
    other = urlsplit(url)
    places = [part.path.rpartition("/")[0] for part in (own, other)]
    return (own.scheme, own.netloc, own.query) == (other.scheme, other.netloc, other.query) and places[0] == places[1]


def _takes_over(asked: Asked) -> bool:
    return bool(asked.param("takeOver")) and not asked.given.get("test")


def _taken(asked: Asked, url: str) -> BotTaken:
    own, other = urlsplit(asked.given["address"]), urlsplit(url)
    here = (own.scheme, own.netloc) == (other.scheme, other.netloc)
    whom = "another trigger of this platform" if here else f"another program, at {other.hostname}"
    if here and _is_own(asked, url):
        whom = "this workflow, which is published"
    if asked.given.get("test"):
        remedy = "Test with a second bot from @BotFather, or unpublish meanwhile: Telegram tells one address alone."
    else:
        remedy = "Unpublish the other, use a bot of its own, or switch on Take the bot over."
    words = f"The bot's messages go to {whom} already." if url else "The bot's address was taken away meanwhile."
    return BotTaken(words, remedy, details={"field": "params.credential"})


def _look(asked: Asked) -> dict[str, Any]:
    info: dict[str, Any] = _ask(asked, _LOOK)
    return info


def _url(info: dict[str, Any]) -> str:
    return str(info.get("url") or "")


def _ask(asked: Asked, request: RequestSpec, **values: Any) -> Any:
    return asking(APP, asked, asked.param("credential") or "", request, values).answer().body["result"]
