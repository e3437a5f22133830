"""Says which messages are new: by their IDs, and whole only those that start the workflow now."""

from dataclasses import replace
from functools import partial
from typing import Any, Final

from functions.nodes.apps.google.nodes.gmail.labels import label_ids
from functions.nodes.apps.google.nodes.gmail.reading import item_of
from functions.nodes.apps.google.nodes.gmail.requests import MESSAGE, MESSAGE_PAGES, MESSAGES
from functions.nodes.apps.google.nodes.gmail.spec import APP
from functions.nodes.apps.google.polling import asker, kept, read_while_time_is
from functions.nodes.apps.google.triggers.gmail_message.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.http_errors import HttpClientError
from stepweave.runtime.polling import Poll, Thing, in_order, only_new, params_of, watched_of
from stepweave.spec.triggers import MOST_LISTED

_OURS: Final = "-in:sent -in:drafts"


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new. Raises what `SPEC.errors` names."""
    params, given = params_of(asked, Params), Poll.of(asked.given)
    ask = asker(APP, asked)
    query = " ".join(part for part in (params.q.strip(), "" if params.include_sent else _OURS) if part)
    spam = "true" if params.include_spam_trash else ""
    values = {"q": query, "labelIds": label_ids(params.labels, ask, "labels"), "includeSpamTrash": spam}
    watched = watched_of(params.credential, values)
    is_seen, ids = given.seen(watched), list[str]()
    for page in asking(APP, asked, params.credential, MESSAGES, values).pages(MESSAGE_PAGES, "messages", None):
        found = [str(one["id"]) for one in page]
        ids += found
        # A page without anything new: what is older was there, too.
        if given.is_sample or len(ids) >= MOST_LISTED or all(is_seen(id) for id in found):
            break
    things = [Thing(id, {"id": id}) for id in in_order(ids[:MOST_LISTED], newest_first=True)]
    news = only_new(given, things, watched)
    items, files, done = read_while_time_is(asked, news.things, partial(_whole, asked, params, ask))
    if done < len(news.things):
        news = only_new(replace(given, limit=done), things, watched)
    return {**news.answer(), "items": items, **({"files": files} if any(files) else {})}


def _whole(asked: Asked, params: Params, ask: Any, thing: Thing) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return a message's item and files; None where it was deleted meanwhile."""
    try:
        found = ask(MESSAGE, message=thing.key, format="full")
    except HttpClientError as error:
        if error.details.get("status") == 404:
            return None
        raise
    return item_of(found, ask, keeper(asked, thing.key) if params.with_attachments else None)


def keeper(asked: Asked, id: str) -> Any:
    """Return what stores the files of a message, each at a place of its own, however often it is read."""
    count = 0

    def keep(content: bytes, name: str, mime_type: str) -> Any:
        nonlocal count
        count += 1
        return kept(asked, f"gmail/{id}/{count}", content, name, mime_type)

    return keep
