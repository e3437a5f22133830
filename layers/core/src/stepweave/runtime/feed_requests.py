"""Asks for feeds: whole, or only where something has changed since (RFC 9110, "conditional requests")."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stepweave.runtime.feeds import FeedEntry, entries_of
from stepweave.runtime.http.client import send
from stepweave.runtime.http.headers import header
from stepweave.runtime.http.reading import Arrived
from stepweave.runtime.http.request import Headers, Request
from stepweave.runtime.http.url import target_of

_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
_LONGEST_TAG = 1000


@dataclass(frozen=True, slots=True)
class Fetched:
    """A feed's answer.

    Attributes:
        entries: in the feed's order.
        unchanged: the server says that it is as before; there are no entries then.
        state: what to send the next time.
    """

    entries: list[FeedEntry] = field(default_factory=list)
    unchanged: bool = False
    state: dict[str, str] = field(default_factory=dict)


def fetched(url: str, state: Mapping[str, str], deadline: float) -> Fetched:
    """Ask for a feed.

    Args:
        url: of the feed.
        state: of the answer before; empty for all of it.
        deadline: on the clock of `time.monotonic`.

    Raises:
        ParameterInvalid: the URL cannot be used.
        ResponseInvalid: it is no feed.
        HttpClientError, HttpRateLimited, HttpServerError: what the server says.
        ConnectionFailed, RequestTimeout, TooManyRedirects, AddressForbidden, ResponseTooLarge: likewise.
    """
    headers = Headers({"user-agent": ["Stepweave/1"], "accept": [_ACCEPT], "accept-encoding": ["gzip, deflate"]})
    for name, key in (("if-none-match", "etag"), ("if-modified-since", "modified")):
        if state.get(key):
            headers[name] = [state[key]]
    target = target_of(url.strip(), [])
    response, target = send(
        Request("GET", target, headers, None, frozenset()), deadline=deadline, follow_redirects=True
    )
    with Arrived(response, target, deadline) as arrived:
        if arrived.status == 304 and state:
            return Fetched(unchanged=True, state=dict(state))
        if arrived.status >= 400:
            raise arrived.refusal()
        content = arrived.content() if arrived.has_body else b""
        tags = {"etag": header(response, "etag"), "modified": header(response, "last-modified")}
        entries = entries_of(content, {"content-type": header(response, "content-type")}, str(target))
        return Fetched(entries, state={name: tag for name, tag in tags.items() if tag and len(tag) <= _LONGEST_TAG})
