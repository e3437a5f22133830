"""Reads a feed for each item."""

import time

from functions.nodes.network.rss_read.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the entries of all feeds, in the order of the input items."""
    # Imported here: with urllib3 it costs 0.08 s, which belongs to the first request and not to the function's start.
    from stepweave.runtime.feed_requests import fetched

    def entries(entry: Entry[Params]) -> list[Item]:
        answer = fetched(entry.params.url, {}, time.monotonic() + step.remaining())
        found = answer.entries
        return [item(one.json) for one in (found[: entry.params.limit] if entry.params.limit else found)]

    return step.each(entries)
