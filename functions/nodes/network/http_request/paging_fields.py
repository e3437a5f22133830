"""The fields that say how the pages of a list follow each other."""

from typing import Final, Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.parts import Text

_COUNTED: Final = ["page", "offset"]
_SENT: Final = [*_COUNTED, "cursor"]
_ALL: Final = ["link", "nextUrl", *_SENT]
_ANSWER: Final = "A path in the answer's body, or an expression over the answer: {{ $json.body }}, {{ $json.headers }}."


class Paged:
    """Paging. What names a place in the answer is evaluated when that has come."""

    paging: Literal["none", "link", "nextUrl", "page", "offset", "cursor"] = ui(
        "none",
        title="Pages",
        kind=Kind.SELECT,
        expression=False,
        options=[
            ("none", "One answer"),
            ("link", "The next page's URL is in the header Link"),
            ("nextUrl", "The next page's URL is in the answer"),
            ("page", "By a page's number"),
            ("offset", "By how many to skip"),
            ("cursor", "By a cursor from the answer"),
        ],
    )
    next_at: Text = ui(
        "",
        title="Where the next URL is",
        kind=Kind.TEXT,
        expression=False,
        placeholder="paging.next",
        help=_ANSWER,
        show_when={"paging": ["nextUrl"]},
        required_when_shown=True,
        max_length=1000,
    )
    cursor_at: Text = ui(
        "",
        title="Where the cursor is",
        kind=Kind.TEXT,
        expression=False,
        placeholder="meta.next_cursor",
        help=_ANSWER,
        show_when={"paging": ["cursor"]},
        required_when_shown=True,
        max_length=1000,
    )
    page_name: Text = ui(
        "",
        title="Its parameter",
        kind=Kind.TEXT,
        expression=False,
        placeholder="page, offset or cursor",
        help="What carries it in the request. In a JSON body it may be a path: query.after.",
        show_when={"paging": _SENT},
        max_length=200,
    )
    page_in: Literal["query", "body"] = ui(
        "query",
        title="Sent in",
        kind=Kind.SELECT,
        expression=False,
        options=[("query", "Query"), ("body", "Body (JSON or form)")],
        show_when={"paging": _SENT},
    )
    first_page: int = ui(
        1,
        title="First page",
        kind=Kind.NUMBER,
        expression=False,
        help="The number of the first page: 1, or 0.",
        show_when={"paging": ["page"]},
        ge=0,
        le=1_000_000,
    )
    size_name: Text = ui(
        "",
        title="Parameter for the page's size",
        kind=Kind.TEXT,
        expression=False,
        placeholder="limit",
        help="Empty: none is sent.",
        show_when={"paging": _SENT},
        max_length=200,
    )
    page_size: int = ui(
        100,
        title="Size of a page",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"paging": _SENT},
        ge=1,
        le=100_000,
    )
    more_at: Text = ui(
        "",
        title="More follow while",
        kind=Kind.TEXT,
        expression=False,
        placeholder="has_more",
        help=f"{_ANSWER} Empty: until a page is empty, or names no next one.",
        show_when={"paging": _ALL},
        max_length=1000,
    )
    most_pages: int = ui(
        100,
        title="Pages at most",
        kind=Kind.NUMBER,
        expression=False,
        show_when={"paging": _ALL},
        ge=1,
        le=10_000,
    )
    most_items: int | None = ui(
        None,
        title="Items at most",
        kind=Kind.NUMBER,
        help="Of each input item. Empty: all.",
        show_when={"paging": _ALL},
        ge=1,
        le=1_000_000,
    )
    at_limit: Literal["fail", "stop"] = ui(
        "fail",
        title="When pages do not end",
        kind=Kind.SELECT,
        expression=False,
        options=[("fail", "Fail"), ("stop", "Go on with what has come")],
        help="There are more pages than allowed, or the same page comes again.",
        show_when={"paging": _ALL},
    )
