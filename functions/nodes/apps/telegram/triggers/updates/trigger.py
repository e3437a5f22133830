"""Has Telegram call, reads what it says, and ends that (core.telegram.org/bots/api#update)."""

import hmac
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from functions.nodes.apps.telegram.downloads import MOST_MB, file_name
from functions.nodes.apps.telegram.spec import APP
from functions.nodes.apps.telegram.triggers.updates.registration import give_back, kinds, register
from stepweave.model.items import BinaryRef
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, ResponseTooLarge
from stepweave.runtime.receiving import Call, happened, refuse
from stepweave.spec.operations import RequestSpec

SECRET: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - a header's name
_GET: Final = RequestSpec("POST", "/{credential}/getFile", body={"file_id": "{id}"})
_FETCH: Final = RequestSpec("GET", "/file/{credential}/{path*}")
_FILES: Final = ("document", "video", "audio", "voice", "animation", "video_note", "sticker")


def activate(asked: Asked) -> dict[str, Any]:
    """Have Telegram call the address. Return what is kept. Raises BotTaken."""
    return register(asked)


def deactivate(asked: Asked) -> None:
    """Have Telegram call nobody, or what is live of the node again. Others stay."""
    give_back(asked)


def receive(asked: Asked) -> dict[str, Any]:
    """Return the item of an update."""
    call = Call.of(asked)
    if call.method != "POST":
        return refuse("Telegram calls with POST.", 405)
    given, wanted = call.headers.get(SECRET, ""), call.kept.get("secret", "")
    if not wanted or not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), wanted.encode()):
        return refuse("The secret is missing or wrong.")
    update = call.json()
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        return refuse("This is no update.", 400)
    kind = next((kind for kind in kinds(asked) if isinstance(update.get(kind), dict)), "")
    if not kind or not _is_wanted(asked, update[kind]):
        return happened([])
    item = {"kind": kind, **update}
    files: dict[str, BinaryRef] = {}
    file = _file_of(update[kind]) if asked.param("files") else None
    if file is not None:
        try:
            files["data"] = _fetched(asked, file, update["update_id"])
        except HttpRateLimited:
            raise  # Telegram delivers again
        except (HttpClientError, ResponseTooLarge) as error:
            item["fileError"] = error.message
    return happened([item], str(update["update_id"]), files)


def _is_wanted(asked: Asked, content: Mapping[str, Any]) -> bool:
    text = str(asked.param("chats") or "")
    allowed = {part.strip().lstrip("@").lower() for part in text.split(",") if part.strip()}
    if not allowed:
        return True
    message = content.get("message")
    places = [content.get("chat"), content.get("from"), content.get("user")]
    places.append(message.get("chat") if isinstance(message, dict) else None)
    there = [place for place in places if isinstance(place, dict)]
    return any(str(place.get(name, "")).lower() in allowed for place in there for name in ("id", "username"))


def _file_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the file of a message as Telegram tells of it; of a photo its largest size."""
    photos = content.get("photo")
    found = photos[-1] if isinstance(photos, list) and photos else None
    found = found or next((content[name] for name in _FILES if isinstance(content.get(name), dict)), None)
    return found if isinstance(found, dict) and isinstance(found.get("file_id"), str) else None


def _fetched(asked: Asked, file: Mapping[str, Any], update: int) -> BinaryRef:
    ready = partial(asking, APP, asked, asked.param("credential") or "")
    told = ready(_GET, {"id": file["file_id"]}).answer().body["result"]
    name = str(file.get("file_name") or file_name(told))
    store = partial(asked.store_file, f"telegram/{asked.workflow_id}/{asked.node['id']}/{update}")
    return ready(_FETCH, {"path": told.get("file_path", "")}).file(MOST_MB, store, name)
