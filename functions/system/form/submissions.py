"""What becomes of answers: an item, what tells them from others, and what is filled in before there are any."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Final

from functions.system.form.answers import Answers
from functions.system.form.words import Words
from stepweave.model.items import Item
from stepweave.runtime.events import now
from stepweave.spec.forms.pages import PageEntry
from stepweave_data.hooks import bodies, forms

_YES: Final = frozenset(("true", "on", "yes", "1"))
"""What ticks a box beforehand."""
_CLOSED: tuple[str, ...] = ("file", "password", "info")
"""Types that an address cannot fill in."""


def item_of(found: Answers, key: str, store: bodies.Store) -> Item:
    """Return the item of answers, its files stored under keys that begin with `key`. Raises StorageUnavailable."""
    made: Item = {"json": {**found.values, "submittedAt": now()}}
    if found.files:
        made["binary"] = bodies.stored(found.files, lambda index: f"{key}file-{index}", store)
    return made


def digest(found: Answers) -> str:
    """Return what tells answers from others: sent twice they are the same, changed after going back they are not."""
    whole = hashlib.sha256(json.dumps(found.values, sort_keys=True).encode())
    for file in found.files:
        whole.update(hashlib.sha256(file.content).digest())
    return whole.hexdigest()


def strange(found: Answers, words: Words) -> str:
    """Return what to say of what was sent besides; "" for nothing."""
    if not found.strange:
        return ""
    names = ", ".join(name[:40] for name in found.strange[:5])
    return words("strange", names=names)


def prefilled(fields: Sequence[PageEntry], raw_query: str = "") -> dict[int, list[str]]:
    """Return what is filled in at first, by the fields' places: defaults, and what the address says for them.

    Raises:
        Refusal: the address has a query without end.
    """
    asked = forms.pairs(raw_query, "The address")
    found: dict[int, list[str]] = {}
    for index, entry in enumerate(fields):
        default = entry.get("default", "")
        several = entry["type"] == "choice" and entry.get("display") == "checkboxes"
        given = asked.get(entry["name"]) if entry["type"] not in _CLOSED else None
        if given is not None:
            found[index] = [_meant(entry["type"], str(one)) for one in (given if isinstance(given, list) else [given])]
        elif default:
            found[index] = (
                [line.strip() for line in default.splitlines()] if several else [_meant(entry["type"], default)]
            )
    return found


def _meant(type: str, text: str) -> str:
    """Return what somebody meant who wrote an address by hand, where there is no doubt.

    A `+` in a query is a space (URL Standard, "application/x-www-form-urlencoded parsing"): no address of a mailbox or
    page has one, and no number begins with one.
    """
    if type in ("email", "url"):
        return text.strip().replace(" ", "+")
    if type == "phone":
        return re.sub(r"^ (?=[0-9])", "+", text)
    if type == "boolean":
        return "true" if text.strip().lower() in _YES else ""
    return text
