"""The script for other pages: a bubble in the corner that opens the chat in a frame, or the frame where it stands.

    <script src="https://hooks.example.net/chat/acme/help/~embed.js" async></script>
    <script src="..." data-mode="inline" data-height="600" async></script>

It runs in those pages, with their rights: it makes a frame of our origin and a button, and reads nothing.
"""

import json
from pathlib import Path
from typing import Any, Final

from functions.system.chat.targets import ChatTarget
from functions.system.chat.words import words_of
from stepweave_data.hooks.page_places import CHAT
from stepweave_data.hooks.requests import Request

_CODE: Final = Path(__file__).with_name("embed.js")
SECONDS: Final = 300


def script(request: Request, target: ChatTarget) -> dict[str, Any]:
    """Return the script of a chat."""
    words = words_of(target["look"]["language"])
    given = {
        "path": f"/{CHAT.room}/{request.slug}/{request.path.partition('/~')[0]}",
        "title": target["says"]["title"],
        "color": target["look"]["color"],
        "close": words("close"),
        "rtl": words.direction == "rtl",
    }
    body = _CODE.read_text(encoding="utf-8").replace("__GIVEN__", json.dumps(given).replace("<", "\\u003c"))
    headers = {
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": f"public, max-age={SECONDS}",
        "x-content-type-options": "nosniff",
    }
    return {"statusCode": 200, "headers": headers, "body": body}
