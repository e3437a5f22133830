"""Labels by their names: Gmail itself knows them by IDs."""

import re
from collections.abc import Callable
from typing import Any, Final

from functions.nodes.apps.google.nodes.gmail.errors import LabelMissing
from functions.nodes.apps.google.nodes.gmail.requests import LABELS

_OWN_ID: Final = re.compile(r"Label_\w+")
SYSTEM: Final = frozenset(
    {
        *("INBOX", "SPAM", "TRASH", "UNREAD", "STARRED", "IMPORTANT", "SENT", "DRAFT", "CHAT"),
        *(f"CATEGORY_{name}" for name in ("PERSONAL", "SOCIAL", "PROMOTIONS", "UPDATES", "FORUMS")),
    }
)


def label_ids(text: str, ask: Callable[..., Any], field: str) -> list[str]:
    """Return the IDs of labels.

    Args:
        text: names or IDs, with commas in between; names in any case.
        ask: asks Gmail, where there is a name among them.
        field: for errors.

    Raises:
        LabelMissing: there is no such label.
    """
    wanted = list(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))
    if all(name.upper() in SYSTEM or _OWN_ID.fullmatch(name) for name in wanted):
        return [name.upper() if name.upper() in SYSTEM else name for name in wanted]
    there = ask(LABELS).get("labels", [])
    ids = {one["name"].lower(): one["id"] for one in there} | {one["id"].lower(): one["id"] for one in there}
    unknown = [name for name in wanted if name.lower() not in ids]
    if unknown:
        names = [one["name"] for one in there]
        raise LabelMissing(
            f"The mailbox has no label “{unknown[0][:80]}”; it has {', '.join(names[:20])}.",
            "Write the name as it is there, or make it with Label, Create.",
            details={"field": f"params.{field}", "labels": names[:100]},
        )
    return [ids[name.lower()] for name in wanted]
