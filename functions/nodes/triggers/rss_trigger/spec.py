"""The trigger that watches feeds, as a value."""

from typing import Literal

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, Emits, NodeSpec, Port, TriggerCode, TriggerKind
from stepweave.spec.triggers import MOST_LISTED, every_field

MOST_FEEDS = 20


class Params(NodeParams):
    """Which feeds are watched."""

    urls: str = ui(
        ...,
        title="Addresses of feeds",
        kind=Kind.MULTILINE,
        expression=False,
        placeholder="https://example.com/feed.xml",
        help=f"RSS, Atom or JSON Feed; one on each line, {MOST_FEEDS} at most.",
        min_length=1,
        max_length=20_000,
    )
    every_minutes: int = every_field(15)
    start_with: Literal["new", "all"] = ui(
        "new",
        title="When it is published",
        kind=Kind.SELECT,
        expression=False,
        options=[("new", "Wait for what is new"), ("all", "Start with what is there")],
    )


DOCS = f"""\
Asks feeds (RSS, Atom, JSON Feed) every so many minutes, and starts the published workflow with the entries that are
new.

**Each new entry once.** Which entries were there is remembered for each feed, so order and dates do not matter: an
entry that is changed and keeps its id is not new. Entries are known by their id (`guid`), else by their address, else
by all that is in them; where a feed gives several the same id or address, by their titles, too. All feeds together may
have {MOST_LISTED} entries. Feeds that have an `ETag` or `Last-Modified` are asked for changes only.

**At first.** Publishing asks all feeds once, and is refused where one fails. What is there then starts nothing, unless
*Start with what is there* is chosen. A feed that is added later begins so, too; the others go on from where they were.

**Output.** One item for each new entry, the oldest first, as *Read RSS* gives them: `title`, `link`, `guid`,
`isoDate`, `creator`, `content`, `contentSnippet`, `categories`, `enclosures`, `feed`. Up to 100 in one execution;
further ones start the next.

**Errors.** Where one feed fails, what is new in the others still starts the workflow; when nothing else is new, the
failure is told: `HttpClientError` (4xx), `HttpRateLimited` (429), `HttpServerError` (5xx), `ConnectionFailed`,
`RequestTimeout`, `ResponseInvalid` (no feed, or one that is cut off), `ResponseTooLarge`, `AddressForbidden`,
`TooManyRedirects`. It is asked again later each time, within a quarter of an hour where other feeds answered; the fifth
failure in a row is a failed execution. A feed whose server says when it may be asked again (`Retry-After`) is left
alone until then, a day at most; the others are asked.

**Example.** `https://example.com/feed.xml`, every 15 minutes; the next node reads `{{{{ $json.title }}}}`.
"""

SPEC = NodeSpec(
    type="rss_trigger",
    name="RSS",
    category=Category.TRIGGER,
    icon="rss",
    summary="Starts with each new entry of RSS, Atom or JSON feeds.",
    docs=DOCS,
    params=Params,
    inputs=(),
    outputs=(Port("main", emits=Emits.ALWAYS),),
    subtitle="{urls}",
    trigger=TriggerKind.APP,
    listens=TriggerCode(polls=True, every="everyMinutes"),
    network=True,
    layers=("feeds",),
    timeout_seconds=60,
    memory_mb=512,
    errors=HTTP_ERRORS,
    retryable=HTTP_RETRYABLE,
    output_example=(
        {
            "title": "Version 2 is here",
            "link": "https://example.com/posts/2",
            "guid": "https://example.com/posts/2",
            "isoDate": "2026-11-29T09:00:00.000Z",
            "contentSnippet": "It is here.",
            "feed": {"title": "Example", "link": "https://example.com", "url": "https://example.com/feed.xml"},
        },
    ),
)
