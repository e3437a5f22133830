"""Later pages: how one that is waited for is shown, and what becomes of its answers."""

from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode

from functions.system.form import answers, pages
from functions.system.form.endings import Standing
from functions.system.form.submissions import item_of
from functions.system.form.words import words_of
from stepweave.model.items import INLINE_LIMIT, Batch
from stepweave.model.lineage import descended
from stepweave.runtime.claims import Claims, encode
from stepweave_data.hooks.looks import Look
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.waits import Wait

LONGEST_PAUSE: Final = 15
"""Seconds between two looks of a browser at a workflow that takes long."""
MOST_LOOKS: Final = 40
"""At an execution that nothing is recorded of: after nine minutes there is nothing to come."""


def key_of(wait: Wait) -> str:
    """Return the key of a page that stands alone; "" for one of a visit."""
    return str(wait.details.get("resume", {}).get("key") or "")


def batch(claims: Claims, tenant_id: str, wait: Wait, found: answers.Answers) -> Batch:
    """Return the item of answers as the node's output. Raises StorageUnavailable."""
    place = f"{wait.iteration}/" if wait.iteration else ""
    key = f"{tenant_id}/{wait.execution_id}/{wait.node_id}/{place}{wait.attempt}-sent-"
    origin = wait.details.get("resume", {}).get("origin") or None
    made = item_of(found, key, claims.store_file)
    adds = wait.details.get("resume", {}).get("adds") or {}
    made["json"] |= adds.get("of", {}).get(str(found.values.get(adds.get("field", ""))), {})
    [item] = descended([made], origin)
    encoded = encode([item])
    if len(encoded) <= INLINE_LIMIT:
        return {"count": 1, "items": [item]}
    return claims.store(f"{key}main.json", [item], encoded)


def page(
    wait: Wait,
    look: Look,
    given: dict[int, list[str]],
    problems: dict[int, str] | None = None,
    said: str = "",
    status: int = 200,
) -> dict[str, Any]:
    """Return the page that a wait is for (`pages.form`)."""
    page = wait.details["resume"]["page"]
    if key_of(wait) and not page["button"]:  # nothing comes next
        page = {**page, "button": words_of(look["language"])("submit")}
    return pages.form(page, look, {answers.LATER: wait.id}, given, problems, said, status)


def working(standing: Standing | None, own: Look, times: int, raw_query: str = "") -> dict[str, Any]:
    """Return that the workflow works, after a browser looked so many times.

    Args:
        standing: how things stand; None while nothing of the execution is recorded.
        own: how pages look where that is not known.
        times: how often the browser has looked.
        raw_query: what its address has besides, and keeps.

    Raises:
        Refusal: nothing of it will ever be recorded, or is any more.
    """
    if standing is None and times >= MOST_LOOKS:
        words = "Nothing is known of the execution that this address names."
        raise Refusal(404, "lost_visit", "Not found", words)
    look = standing.look if standing else own
    answered = standing is None or standing.answered
    kept = [(name, text) for name, text in parse_qsl(raw_query) if name != "n"]
    following = f"?{urlencode([*kept, ('n', times + 1)])}"
    return pages.working(look, min(2 + times, LONGEST_PAUSE), following, answered=answered)


def times(raw_query: str) -> int:
    """Return how often the visitor's browser has looked by itself."""
    given = parse_qs(raw_query).get("n", ["0"])[-1]
    return int(given) if given.isascii() and given.isdigit() and len(given) < 6 else 0
