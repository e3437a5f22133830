"""What a chat's address shows: the page, its script, and JSON for the script.

The page shows what models and visitors write. So its policy lets nothing run but
our script, by a nonce, which makes no HTML of text (`require-trusted-types-for`); lets the script reach this chat and
the live updates only; and loads no picture but the logo. Other pages may frame it where the chat names them.
"""

import base64
import gzip
import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Final

from functions.system.chat.styles import styles
from functions.system.chat.targets import ChatTarget
from functions.system.chat.words import FOR_PAGES, TextId, Words, words_of
from stepweave_data.hooks.looks import Look, frames
from stepweave_data.hooks.page_places import CHAT
from stepweave_data.hooks.requests import Request

_SCRIPT: Final = Path(__file__).with_name("chat.js")
_HOST: Final = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?|\[[0-9a-fA-F:]+\](:[0-9]{1,5})?")
_TOLD: Final[Mapping[str, tuple[TextId, TextId]]] = {
    "unknown_chat": ("notFound", "noChat"),
    "wrong_method": ("notPossible", "notPossibleNow"),
    "not_available": ("notAvailable", "notAvailableNow"),
}
"""Title and text of a page by the refusal's code; of others that it is a mistake of ours."""
_SAFE: Final = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer"}
_ATTACH: Final = "M21.4 11.1l-9.2 9.2a6 6 0 0 1-8.5-8.5l9.2-9.2a4 4 0 0 1 5.7 5.7l-9.2 9.2a2 2 0 0 1-2.9-2.8l8.5-8.5"
_SEND: Final = "M12 20V5M5 12l7-7 7 7"
_STOP: Final = "M7 7h10v10H7z"
_NEW: Final = "M12 5v14M5 12h14"


def chat(request: Request, target: ChatTarget, app: str) -> dict[str, Any]:
    """Return the page. What it says is in it where everybody may read it; else it comes with a session."""
    words, says = words_of(target["look"]["language"]), target["says"]
    place = f"/{CHAT.room}/{request.slug}/{request.path}"
    given = {
        "place": place,
        # Only members are sent there.
        "app": app if target["access"] == "members" else "",
        "access": target["access"],
        "language": words.language,
        "texts": {id: text for id, text in words.texts.items() if id not in FOR_PAGES},
        "shown": shown(target) if target["access"] == "public" else None,
    }
    return _whole(says["title"], _inside(target, words), target["look"], 200, request.headers.get("host", ""), given)


def shown(target: ChatTarget) -> dict[str, Any]:
    """Return what the page says, and what it takes."""
    says = target["says"]
    return {
        "greeting": says["greeting"],
        "placeholder": says["placeholder"],
        "suggestions": says["suggestions"],
        "files": target["files"],
        "mostCharacters": target["mostCharacters"],
    }


def script(request: Request) -> dict[str, Any]:
    """Return the page's script; its address changes with it."""
    content, packed, _ = _scripts()
    accepted = "gzip" in request.headers.get("accept-encoding", "")
    headers = {
        **_SAFE,
        "content-type": "text/javascript; charset=utf-8",
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "accept-encoding",
        **({"content-encoding": "gzip"} if accepted else {}),
    }
    body = base64.b64encode(packed if accepted else content).decode()
    return {"statusCode": 200, "headers": headers, "body": body, "isBase64Encoded": True}


def data(value: Any, status: int = 200) -> dict[str, Any]:
    """Return JSON for the script."""
    headers = {
        **_SAFE,
        "content-type": "application/json",
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
    }
    return {"statusCode": status, "headers": headers, "body": json.dumps(value)}


def closed(target: ChatTarget, text: str) -> dict[str, Any]:
    """Return the page of a chat that is switched off."""
    made = _message(target["says"]["title"], text, target["look"], 503)
    return {**made, "headers": {**made["headers"], "retry-after": "300"}}


def refused(answer: Mapping[str, Any], look: Look) -> dict[str, Any]:
    """Return a refusal as a page, for people.

    Args:
        answer: the problem document that it is for programs.
        look: of the page.
    """
    told, words = json.loads(answer["body"]), words_of(look["language"])
    title, text = _TOLD.get(told["code"], ("wentWrong", "ourMistake"))
    made = _message(words(title), words(text), look, told["status"])
    kept = {name: answer["headers"][name] for name in ("allow", "retry-after") if name in answer["headers"]}
    return {**made, "headers": {**made["headers"], **kept}}


def _message(title: str, text: str, look: Look, status: int) -> dict[str, Any]:
    inside = f'<main class="gate"><h1>{escape(title)}</h1><p>{escape(text)}</p></main>'
    return _whole(title, inside, look, status, "", None)


def _inside(target: ChatTarget, words: Words) -> str:
    title = escape(target["says"]["title"])
    logo = target["look"]["logoUrl"]
    picture = f'<img class="logo" src="{escape(logo)}" alt="">' if logo else ""
    return (
        f'<header>{picture}<h1>{title}</h1><button type="button" id="new" class="icon" hidden '
        f'aria-label="{escape(words("newTalk"))}" title="{escape(words("newTalk"))}">{_icon(_NEW)}</button></header>'
        f'<main id="chat"><div id="log" role="log" aria-live="off" aria-label="{escape(words("log"))}" tabindex="0">'
        "</div></main>"
        f'<p id="said" class="away" role="status" aria-live="polite"></p><p id="trouble" role="alert"></p>'
        f'<form id="ask" hidden aria-label="{escape(words("write"))}"><div id="chosen"></div><div class="row">'
        f'<label class="icon" id="attach" hidden title="{escape(words("attach"))}">'
        f'<span class="away">{escape(words("attach"))}</span>{_icon(_ATTACH)}<input type="file" class="away"></label>'
        '<textarea id="text" rows="1" dir="auto" enterkeyhint="send" autocomplete="off"></textarea>'
        f'<button id="send" class="icon main" aria-label="{escape(words("send"))}">{_icon(_SEND)}</button>'
        f'<button type="button" id="stop" class="icon main" hidden aria-label="{escape(words("stop"))}">{_icon(_STOP)}'
        "</button></div></form>"
    )


def _icon(path: str) -> str:
    return (
        '<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="2"'
        f' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="{path}"/></svg>'
    )


def _whole(title: str, inside: str, look: Look, status: int, host: str, given: dict[str, Any] | None) -> dict[str, Any]:
    nonce, words = secrets.token_urlsafe(16), words_of(look["language"])
    head = (
        f'<!doctype html><html lang="{escape(words.language)}" dir="{words.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,'
        'interactive-widget=resizes-content"><meta name="robots" content="noindex">'
        f'<title>{escape(title)}</title><style nonce="{nonce}">{styles(look["color"], look["appearance"])}</style>'
        f"</head><body>{inside}"
    )
    run = ""
    if given is not None:
        text = json.dumps(given).replace("<", "\\u003c")
        source = escape(f"{given['place']}/~chat.js?{_scripts()[2]}")
        run = (
            f'<script type="application/json" id="given">{text}</script>'
            f'<script nonce="{nonce}" src="{source}" type="module"></script>'
        )
    place = given["place"] if given is not None else ""
    headers = {**policy(look, nonce, host, place), "content-type": "text/html; charset=utf-8"}
    return {"statusCode": status, "headers": headers, "body": f"{head}{run}</body></html>"}


def policy(look: Look, nonce: str, host: str, place: str) -> dict[str, str]:
    """Return the headers of a page.

    Args:
        look: of the chat.
        nonce: of its style and its script.
        host: that the visitor called.
        place: the chat's path, which the script may ask; "" for a page without one.
    """
    parts = [
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        f"style-src 'nonce-{nonce}'",
        f"frame-ancestors {frames(look['embed'])}",
    ]
    if place and _HOST.fullmatch(host):
        live = f"ws://{host}/live wss://{host}/live"
        parts += [f"script-src 'nonce-{nonce}'", f"connect-src {host}{place}/ {live}"]
    if look["logoUrl"]:
        parts.append(f"img-src {look['logoUrl'].partition('?')[0].partition('#')[0].replace(',', '%2C')}")
    return {**_SAFE, "content-security-policy": "; ".join(parts), "cache-control": "no-store"}


@cache
def _scripts() -> tuple[bytes, bytes, str]:
    """Return the script, packed, and what its address has."""
    content = _SCRIPT.read_bytes()
    return content, gzip.compress(content, mtime=0), hashlib.sha256(content).hexdigest()[:12]
