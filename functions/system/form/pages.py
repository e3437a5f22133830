"""What visitors see: a page of a form, that it goes on, its end, or why it cannot be. No page needs JavaScript.

Tenants write these pages, and they share their origin with the app: so each is sandboxed (an origin of its own, no
cookies), nothing in it runs or loads but pictures, and it may stand in frames of the origins that the form names only.
"""

import secrets
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final

from functions.system.form.answers import LATER, TRAP
from functions.system.form.controls import control
from functions.system.form.markdown import to_html
from functions.system.form.styles import styles
from functions.system.form.words import Words, words_of
from stepweave.spec.forms import Page
from stepweave_data.hooks.looks import Look, frames

_SANDBOX: Final = (
    # Without `allow-scripts` a browser neither focuses a field nor goes on by itself (HTML, "automatic features"); no
    # script runs all the same.
    "sandbox allow-forms allow-popups allow-popups-to-escape-sandbox allow-scripts; default-src 'none';"
    " base-uri 'none'; form-action 'self' https: http:; img-src https: data:"
)


def policy(look: Look, nonce: str = "") -> dict[str, str]:
    """Return the headers that every answer has.

    Args:
        look: of the form; its `embed` names who may frame it.
        nonce: of the page's style; "" for an answer that is no page.
    """
    allowed = frames(look["embed"])
    style = f"; style-src 'nonce-{nonce}'" if nonce else ""
    # In a frame, a link may lead out of it (`out_of_frame`).
    sandbox = _SANDBOX.replace(";", " allow-top-navigation-by-user-activation;", 1) if allowed != "'none'" else _SANDBOX
    return {
        "content-security-policy": f"{sandbox}{style}; frame-ancestors {allowed}",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cache-control": "no-store",
    }


def form(
    page: Page,
    look: Look,
    own: Mapping[str, str],
    given: Mapping[int, Sequence[str]],
    problems: Mapping[int, str] | None = None,
    said: str = "",
    status: int = 200,
    *,
    note: str = "",
) -> dict[str, Any]:
    """Return a page to be filled in.

    Args:
        page: which.
        look: how it looks.
        own: hidden fields of ours, by name.
        given: what is filled in, by the fields' places.
        problems: what is to be changed, by the fields' places.
        said: what is wrong with the page as a whole.
        status: of the answer.
        note: said below it, small and plain.
    """
    wrong, words = problems or {}, words_of(look["language"])
    first = min(wrong, default=-1)
    fields = "".join(
        control(index, entry, given.get(index, ()), wrong.get(index, ""), words, first=index == first)
        for index, entry in enumerate(page["fields"])
    )
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in own.items())
    trap = (
        f'<div class="away" aria-hidden="true"><label>{escape(words("leaveEmpty"))}'
        # Browsers and password managers that fill in forms for people are asked to leave it alone.
        f'<input name="{TRAP}" tabindex="-1" autocomplete="off" data-1p-ignore data-bwignore data-lpignore="true"'
        ' data-form-type="other"></label></div>'
    )
    button = page["button"] or words("next" if LATER in own else "submit")
    inside = (
        f"<h1>{escape(page['title'])}</h1>{_text(page['description'])}{_problems(page, wrong, said, words)}"
        f'<form method="post" enctype="multipart/form-data">{hidden}{fields}{trap}'
        f"<button>{escape(button)}</button></form>{_note(note)}"
    )
    title = words("errorTitle", title=page["title"]) if wrong or said else page["title"]
    return _whole(title, inside, look, status)


def message(
    title: str,
    text: str,
    look: Look,
    status: int = 200,
    *,
    note: str = "",
    onward: str = "",
    detail: str = "",
    headers: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Return a page that says something.

    Args:
        title: of it.
        text: Markdown.
        look: how it looks.
        status: of the answer.
        note: said below it, small and plain.
        onward: where one may go on.
        detail: for who writes a program, in English.
        headers: of the answer, besides its own.
    """
    top = "" if onward.startswith("/") else ' target="_top"'
    go_on = escape(words_of(look["language"])("goOn"))
    way = f'<p><a href="{escape(onward)}"{top}>{go_on}</a></p>' if onward else ""
    made = _whole(title, f"<h1>{escape(title)}</h1>{_text(text)}{way}{_note(note)}{_detail(detail)}", look, status)
    return {**made, "headers": {**made["headers"], **(headers or {})}}


def working(look: Look, seconds: int, following: str, *, answered: bool = True) -> dict[str, Any]:
    """Return the page that is shown while the workflow works: after `seconds` it asks `following`.

    `answered` says whether the visitor has sent something already.
    """
    words = words_of(look["language"])
    moment = words("oneMoment")
    inside = (
        f'<h1>{escape(moment)} <span class="dots" aria-hidden="true">…</span></h1>'
        f'<p role="status">{escape(words("beingMade" if answered else "pageBeingMade"))} '
        f'<a href="{escape(following)}">{escape(words("lookNow"))}</a></p>'
    )
    again = f'<meta http-equiv="refresh" content="{seconds};url={escape(following)}">'
    return _whole(moment, inside, look, 200, again)


def elsewhere(address: str, look: Look) -> dict[str, Any]:
    """Return the way to another page."""
    return {"statusCode": 303, "headers": {**policy(look), "location": address}, "body": ""}


def is_framed(headers: Mapping[str, str]) -> bool:
    """Whether a request is for what a frame shows (Fetch Metadata); no for browsers that do not say so."""
    return headers.get("sec-fetch-dest", "") in ("iframe", "frame")


def out_of_frame(answer: dict[str, Any], look: Look) -> dict[str, Any]:
    """Return an answer for a visitor who sees the form in a frame.

    Most sites let nobody show them in a frame: there the way to another page is a link out of it, as nothing on our
    pages may go there by itself.
    """
    address = answer["headers"].get("location", "")
    if answer["statusCode"] // 100 != 3 or not address.lower().startswith(("http://", "https://")):
        return answer
    words = words_of(look["language"])
    return message(words("thanks"), words("arrived"), look, onward=address)


def _whole(title: str, inside: str, look: Look, status: int, head: str = "") -> dict[str, Any]:
    nonce = secrets.token_urlsafe(16)
    logo = f'<img class="logo" src="{escape(look["logoUrl"])}" alt="">' if look["logoUrl"] else ""
    words = words_of(look["language"])
    body = (
        f'<!doctype html><html lang="{escape(words.language)}" dir="{words.direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"{head}<title>{escape(title)}</title>"
        f'<style nonce="{nonce}">{styles(look["color"], look["appearance"])}</style></head>'
        f'<body><main><div class="card">{logo}{inside}</div></main></body></html>'
    )
    headers = {**policy(look, nonce), "content-type": "text/html; charset=utf-8"}
    return {"statusCode": status, "headers": headers, "body": body}


def _text(text: str) -> str:
    return f'<div class="text">{to_html(text)}</div>' if text.strip() else ""


def _note(note: str) -> str:
    return f'<p class="note">{escape(note)}</p>' if note else ""


def _detail(detail: str) -> str:
    return f'<p class="note" lang="en" dir="ltr">{escape(detail)}</p>' if detail else ""


def _problems(page: Page, wrong: Mapping[int, str], said: str, words: Words) -> str:
    if not wrong and not said:
        return ""
    rows = "".join(
        f'<li><a href="#f{index}"><bdi>{escape(page["fields"][index]["label"])}</bdi></a>: {escape(problem)}</li>'
        for index, problem in sorted(wrong.items())
    )
    heading = said or words("changeMarked")
    listed = f"<ul>{rows}</ul>" if rows else ""
    return f'<div class="problems" role="alert"><h2>{escape(heading)}</h2>{listed}</div>'
