"""The node that reads a feed, as a value."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.node import HTTP_ERRORS, HTTP_RETRYABLE, Category, NodeSpec
from stepweave.spec.parts import Text


class Params(NodeParams):
    """Which feed, and how much of it."""

    url: Text = ui(
        ...,
        title="Address of the feed",
        kind=Kind.TEXT,
        placeholder="https://example.com/feed.xml",
        help="RSS, Atom or JSON Feed.",
        min_length=1,
        max_length=8192,
    )
    limit: int = ui(
        0,
        title="At most",
        kind=Kind.NUMBER,
        help="The first entries of the feed, usually the newest. 0 for all.",
        ge=0,
        le=10_000,
    )


DOCS = """\
Reads a feed (RSS, Atom or JSON Feed) for each input item, and gives its entries.

**Output.** One item for each entry, in the feed's order: `title`, `link`, `guid`, `isoDate` (in UTC), `creator`,
`content` (HTML without scripts, where it comes as XML), `contentSnippet` (its text, 500 characters), `categories`,
`enclosures` (`url`, `type`, `length`) and `feed` (`title`, `link`, `url`). What a feed does not say is null.

Broken XML is read as far as it can be. Entities that a feed declares are not replaced, and nothing else is loaded.

**Errors.** `ResponseInvalid` where the address answers with something that is no feed, `ResponseTooLarge` beyond 10 MB;
`HttpClientError` (4xx), `HttpRateLimited` (429), `HttpServerError` (5xx), `ConnectionFailed`, `RequestTimeout`,
`AddressForbidden`, `TooManyRedirects`.

**Example.** Address `{{ $json.feed }}`, at most `10`; then *Filter* by `{{ $json.categories }}`.
"""

SPEC = NodeSpec(
    type="rss_read",
    name="Read RSS",
    category=Category.NETWORK,
    icon="rss",
    summary="Gives the entries of an RSS, Atom or JSON feed.",
    docs=DOCS,
    params=Params,
    subtitle="{url}",
    network=True,
    layers=("feeds",),
    timeout_seconds=60,
    errors=HTTP_ERRORS,
    retryable=HTTP_RETRYABLE,
    output_example=(
        {
            "title": "Version 2 is here",
            "link": "https://example.com/posts/2",
            "guid": "https://example.com/posts/2",
            "isoDate": "2026-11-29T09:00:00.000Z",
            "creator": "Ada",
            "content": "<p>It is here.</p>",
            "contentSnippet": "It is here.",
            "categories": ["news"],
            "enclosures": [],
            "feed": {"title": "Example", "link": "https://example.com", "url": "https://example.com/feed.xml"},
        },
    ),
)
