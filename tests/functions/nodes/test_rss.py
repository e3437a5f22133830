"""Feeds: what is read of them, however they are written, and each new entry of several once."""

import json
import time
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from functions.nodes.network.rss_read.run import run
from functions.nodes.network.rss_read.spec import SPEC as READ
from functions.nodes.triggers.rss_trigger.spec import SPEC, Params
from functions.nodes.triggers.rss_trigger.trigger import poll
from stepweave.runtime.asks import Asked, constant_params
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.feeds import entries_of
from stepweave.runtime.http_errors import (
    HttpClientError,
    HttpRateLimited,
    ResponseInvalid,
    ResponseTooLarge,
)
from tests.fakes.steps import Bench, Outside, items
from tests.fakes.web import Exchange, Web

URL = "https://example.com/feed"
ITEM = (
    "<item><title>Ä &amp; b</title><link>https://example.com/1</link><guid isPermaLink='false'>g1</guid>"
    "<pubDate>Sun, 29 Nov 2026 10:00:00 +0100</pubDate><category>news</category><dc:creator>Ada</dc:creator>"
    "<description>&lt;p onclick='x()'&gt;Hi &lt;script&gt;x()&lt;/script&gt;there&lt;/p&gt;</description>"
    "<enclosure url='https://example.com/a.mp3' type='audio/mpeg' length='3'/></item>"
)


def rss(*inside: str, head: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Blog</title><link>https://example.com</link>{''.join(inside)}</channel></rss>"
    ).encode()


def post(*numbers: int) -> bytes:
    """Return a feed, newest first."""
    return rss(
        *(
            f"<item><title>{n}</title><guid>{n}</guid><pubDate>Sun, 29 Nov 2026 10:{n:02d}:00 GMT</pubDate></item>"
            for n in sorted(numbers, reverse=True)
        )
    )


def read(content: bytes | str, kind: str = "") -> list[dict[str, Any]]:
    whole = content if isinstance(content, bytes) else content.encode()
    return [one.json for one in entries_of(whole, {"content-type": kind}, URL)]


def test_an_rss_entry() -> None:
    assert read(rss(ITEM)) == [
        {
            "title": "Ä & b",
            "link": "https://example.com/1",
            "guid": "g1",
            "isoDate": "2026-11-29T09:00:00.000Z",
            "creator": "Ada",
            "content": "<p>Hi there</p>",
            "categories": ["news"],
            "enclosures": [{"url": "https://example.com/a.mp3", "type": "audio/mpeg", "length": "3"}],
            "contentSnippet": "Hi there",
            "feed": {"title": "Blog", "link": "https://example.com", "url": URL},
        }
    ]


def test_files_of_an_atom_feed_are_of_the_type_that_it_says_or_none() -> None:
    links = (
        "<link rel='enclosure' href='https://e.example/a.mp3' length='3'/>"
        "<link href='b.html' rel='enclosure' type='text/html'/><link rel='enclosure' type='video/mp4' href='c'/>"
        "<link href='https://e.example/post'/>"
    )
    [entry] = read(f"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title><entry><id>1</id>{links}</entry></feed>")
    assert [one["type"] for one in entry["enclosures"]] == [None, "text/html", "video/mp4"]
    assert entry["link"] == "https://e.example/post"


ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title><entry><id>urn:1</id>'
    '<title type="html">a &lt;b&gt;</title>'
    '<link href="/x"/><updated>2026-11-29T09:00:00Z</updated><author><name>Bob</name></author>'
    '<content type="html">&lt;b&gt;c&lt;/b&gt;</content></entry></feed>'
)
JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "home_page_url": "https://example.com",
        "items": [
            {"id": 7, "url": "https://example.com/7", "title": "t", "content_text": "x\ud800", "tags": ["a", 1],
             "date_published": "2026-11-29T10:00:00+01:00", "authors": [{"name": "Eve"}], "attachments": None},
            "no item",
        ],
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ATOM, {"guid": "urn:1", "link": "https://example.com/x", "isoDate": "2026-11-29T09:00:00.000Z"}),
        (JSON, {"guid": "7", "creator": "Eve", "categories": ["a"], "isoDate": "2026-11-29T09:00:00.000Z"}),
        (rss("<item><title>t</title></item>"), {"guid": None, "link": None, "isoDate": None, "content": None}),
        (rss("<item><title>a &nbsp; b &copy;</title></item>"), {"title": "a \xa0 b ©"}),
        (rss("<item><title>x & y</title></item>"), {"title": "x & y"}),
        (rss("<item><title>AT&T, Q&A; <![CDATA[R&D &amp;]]></title></item>"), {"title": "AT&T, Q&A; R&D &amp;"}),
        (rss("<item><title>t</title><link>/?a=1&b=2&copy=3</link></item>"), {"link": "https://example.com/?a=1&b=2&copy=3"}),
        (rss("<item><title>Caf&eacute; &Uuml;</title></item>", head='<!DOCTYPE rss SYSTEM "http://x.y/rss.dtd">'),
         {"title": "Café Ü"}),
        (rss("<item><title>日本 !</title></item>").replace(b"!", b"\xff"), {"title": "日本 \ufffd"}),
        (rss("<item><title>“ü”</title></item>").decode().encode("cp1252"), {"title": "“ü”"}),
        (rss("<item><title>voilà</title></item>").replace(b"utf-8", b"iso-8859-1"), {"title": "voilà"}),
        (rss("<item><title>你好</title></item>").decode().replace("utf-8", "gb2312").encode("gbk"), {"title": "你好"}),
        (rss("<item><title>日本</title></item>").decode().replace("utf-8", "iso-2022-jp").encode("iso-2022-jp"),
         {"title": "日本"}),
        (rss("<item><title>t</title></item>") + b"<!-- " + b"x" * 5000 + b" -->", {"title": "t"}),
        (rss("<item><title>t</title><pubDate>Sun, 29 Nov 2026 10:00:00 CET</pubDate></item>"),
         {"isoDate": "2026-11-29T09:00:00.000Z"}),
        (rss("<item><title>t</title><pubDate>1796032800</pubDate></item>"), {"isoDate": "2026-11-30T10:00:00.000Z"}),
        (JSON.replace("https://example.com/7", "/7").replace("+01:00", ""),
         {"link": "https://example.com/7", "isoDate": "2026-11-29T10:00:00.000Z"}),
        (JSON.replace('"id": 7', '"id": 7.5'), {"guid": "7.5"}),
        (rss("<item><title>no end of its own").replace(b"</channel>", b""), {}),
        (rss("<item><title>a\x00b\x0bc</title></item>"), {}),
        (rss("<item><pubDate>soon</pubDate><title>t</title></item>"), {"isoDate": None}),
        (rss("<item><pubDate>Mon, 30 Feb 2026 25:61:00 XXX</pubDate><title>t</title></item>"), {"isoDate": None}),
        (rss("<item><title>ü</title></item>").decode().encode("latin-1"), {"title": "ü"}),
        (rss("<item><title>t</title><guid>7</guid></item>"), {"guid": "7", "link": None}),
        (rss("<item><title>t</title><guid>/p/7</guid></item>"), {"guid": "/p/7", "link": "https://example.com/p/7"}),
        (rss("<item><title>t</title><guid>https://b.c/7</guid></item>"), {"link": "https://b.c/7"}),
        (rss("<item><title>t</title><link>/p/7</link><guid>7</guid></item>"), {"link": "https://example.com/p/7"}),
        (rss("<item><title>t</title><pubDate> Sat, 13 Mar 2021 08:47:51 -0500</pubDate></item>"),
         {"isoDate": "2021-03-13T13:47:51.000Z"}),
        (rss("<item><title>ß</title></item>").decode().replace("utf-8", "us-ascii").encode(), {"title": "ß"}),
        (rss("<item><title>ü</title></item>").decode().replace("utf-8", "utf-16").encode("utf-16"), {"title": "ü"}),
        (b"\xef\xbb\xbf \n" + rss("<item><title>t</title></item>"), {"title": "t"}),
        (rss("<item><guid isPermaLink='false'>__proto__</guid><title>t</title></item>"), {"guid": "__proto__"}),
    ],
)  # fmt: skip
def test_what_is_read_of_feeds_as_they_are(content: bytes | str, expected: dict[str, Any]) -> None:
    entry = read(content)[0]
    assert {name: entry[name] for name in expected} == expected
    assert "\ud800" not in json.dumps(entry, ensure_ascii=False)


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "utf-8", "no-such-charset"])
def test_utf_8_is_read_whatever_the_server_calls_it(charset: str) -> None:
    content = rss("<item><title>voilà 日本</title></item>")
    for kind in ("text/xml", "application/rss+xml", "text/plain"):
        assert read(content, f"{kind}; charset={charset}")[0]["title"] == "voilà 日本"
    assert read('<feed xmlns="http://www.w3.org/2005/Atom"/>', f"text/html; charset={charset}") == []


def keys(*inside: str) -> dict[str, str]:
    """Return what the entries of a feed are known by, by their titles."""
    return {str(one.json["title"]): one.key for one in entries_of(rss(*inside), {}, URL)}


@pytest.mark.parametrize("shared", ["<link>https://x.y</link>", "<guid isPermaLink='false'>N/A</guid>"])
def test_entries_that_share_an_address_or_an_id_are_each_one(shared: str) -> None:
    one, two, three = (f"<item><title>{number}</title>{shared}</item>" for number in (1, 2, 3))
    alone, both, all_three, later = keys(one), keys(two, one), keys(three, two, one), keys(three, two)
    assert (both["1"], all_three["1"], all_three["2"]) == (alone["1"], alone["1"], both["2"])  # none is new again
    assert len({*all_three.values()}) == 3
    assert set(later.values()) <= set(all_three.values())
    assert len(keys(one, one)) == 1


def test_versions_of_an_entry_are_one() -> None:
    versions = [f"<item><title>t</title><guid>7</guid><pubDate>2{day} Nov 2026</pubDate></item>" for day in (9, 8)]
    assert [one.key for one in entries_of(rss(*versions), {}, URL)] == ["7", "7"]


BOMB = "<!DOCTYPE r [<!ENTITY a 'lol'>" + "".join(
    f"<!ENTITY {after} '{f'&{before};' * 10}'>" for before, after in zip("abcdefgh", "bcdefghi", strict=True)
)
FILE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">'


@pytest.mark.parametrize("head", [f"{BOMB}]>", f"{FILE}]>"])
def test_entities_of_a_feed_are_not_replaced(head: str) -> None:
    found = read(rss("<item><title>&i;&x;</title></item>", head=head))
    assert len(json.dumps(found)) < 2000
    assert "root:" not in json.dumps(found)


def test_deep_and_odd_markup_is_read_within_limits() -> None:
    deep = rss(f"<item><title>t</title><x>{'<a>' * 4000}{'</a>' * 4000}</x></item>")
    assert [one["title"] for one in read(deep)] == ["t"]
    assert read(rss(f"<item><title>t</title><description>{'&lt;' * 50_000}</description></item>"))[0]["title"] == "t"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "nothing"),
        (b"<!doctype html><html><title>x</title></html>", "a web page"),
        (b"hello", "something"),
        (b"\x89PNG\x00", "something"),
        (rss("<item><title>cut").replace(b"</channel></rss>", b""), "cut off"),
        (rss(ITEM)[:-8], "cut off"),
        (b'{"version": ' + b"[" * 100_000, "cannot be read"),
        (b'{"items": []}', "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "no JSON Feed"),
        (b"{" * 100_000, "cannot be read"),
    ],
)
def test_what_is_no_feed_says_so(content: bytes, says: str) -> None:
    with pytest.raises(ResponseInvalid) as failed:
        read(content)
    assert says in failed.value.message
    assert failed.value.remedy


def test_a_feed_has_an_end() -> None:
    with pytest.raises(ResponseTooLarge):
        read(b" " * (10 * 1024 * 1024 + 1))


def test_the_node_gives_the_entries_of_each_items_feed(web: Web) -> None:
    web.routes["/a"] = lambda it: it.answer(200, post(1, 2, 3), content_type="text/html")
    web.routes["/b"] = lambda it: it.answer(200, JSON.encode(), content_type="application/feed+json")
    bench = Bench(READ, run)
    given = items({"url": web.url("/a")}, {"url": web.url("/b")})
    assert [one["title"] for one in bench.json({"url": "{{ $json.url }}", "limit": 2}, given)] == ["3", "2", "t"]
    web.routes["/a"] = lambda it: it.answer(404, b"gone")
    with pytest.raises(HttpClientError):
        Bench(READ, run)({"url": web.url("/a")}, items({}))


@dataclass
class Watch:
    """A trigger that watches feeds, and keeps its cursor as the platform does."""

    web: Web
    paths: tuple[str, ...] = ("/a", "/b")
    params: dict[str, Any] = field(default_factory=dict)
    cursor: Any = None
    more: bool = False
    failed: dict[str, Any] = field(default_factory=dict)

    def poll(self, *, first: bool = False, limit: int = 100) -> list[str]:
        params = {"urls": "\n".join(self.web.url(path) for path in self.paths), **self.params}
        asked = Asked(
            tenant_id="t",
            workflow_id="w",
            node={"id": "p", "name": "P", "type": SPEC.type, "version": 1},
            params=constant_params(Params, params),
            given={"cursor": self.cursor, "first": first, "limit": 0 if first else limit},
            vault=Outside().services.vault,
            deadline=time.monotonic() + 20,
        )
        answer = json.loads(json.dumps(poll(asked)))
        self.cursor, self.more, self.failed = answer["cursor"], answer["more"], answer.get("failed", {})
        return [one["title"] for one in answer["items"]]

    def has(self, path: str, *numbers: int, **headers: str) -> None:
        self.web.routes[path] = lambda it: it.answer(200, post(*numbers), content_type="text/xml", **headers)


@pytest.fixture
def watch(web: Web) -> Watch:
    made = Watch(web)
    made.has("/a", 1, 2)
    made.has("/b", 1)
    return made


def test_each_new_entry_of_each_feed_is_given_once(watch: Watch) -> None:
    assert (watch.poll(first=True), watch.poll()) == ([], [])
    watch.has("/a", 1, 2, 5, 3)
    watch.has("/b", 1, 4)
    assert (watch.poll(), watch.poll()) == (["3", "4", "5"], [])
    watch.has("/a", 6)
    assert watch.poll() == ["6"]
    watch.has("/a", 1, 2, 3, 6)  # what comes back is not new
    assert watch.poll() == []


def test_what_is_there_may_be_what_it_starts_with_a_part_at_a_time(watch: Watch) -> None:
    watch.params = {"startWith": "all"}
    assert watch.poll(first=True) == []
    found = watch.poll(limit=2)
    assert (found, watch.more) == (["1", "2"], True)
    assert (watch.poll(limit=2), watch.more) == (["1"], False)
    assert watch.poll() == []


def test_a_look_gives_the_newest_and_a_feed_that_is_added_begins_with_what_is_new(watch: Watch) -> None:
    watch.has("/b", 7, 8)
    assert watch.poll(limit=2) == ["7", "8"]
    watch.cursor, watch.paths = None, ("/a",)
    watch.poll(first=True)
    watch.paths = ("/b", "/a")
    watch.has("/a", 1, 2, 3)
    assert (watch.poll(first=True), watch.poll()) == ([], ["3"])
    watch.has("/b", 7, 8, 9)
    assert watch.poll() == ["9"]


def test_servers_are_asked_for_changes_only(watch: Watch) -> None:
    asked: list[tuple[str, str]] = []

    def give(it: Exchange) -> None:
        asked.append((it.asked.headers.get("if-none-match", ""), it.asked.headers.get("if-modified-since", "")))
        known = asked[-1][0] == '"v1"'
        it.answer(304 if known else 200, b"" if known else post(1), etag='"v1"', last_modified="Sun, 29 Nov 2026")

    watch.paths = ("/a",)
    watch.web.routes["/a"] = give
    watch.poll(first=True)
    assert (watch.poll(), asked) == ([], [("", ""), ('"v1"', "Sun, 29 Nov 2026")])
    watch.has("/a", 1, 2)
    assert watch.poll() == ["2"]


def test_one_feed_that_fails_holds_no_other_up_and_is_heard_of(watch: Watch) -> None:
    watch.poll(first=True)
    watch.web.routes["/a"] = lambda it: it.answer(500, b"down")
    watch.has("/b", 1, 2)
    assert (watch.poll(), watch.failed) == (["2"], {})
    assert (watch.poll(), watch.failed["type"], watch.failed["details"]["inPart"]) == ([], "HttpServerError", True)
    watch.has("/a", 1, 2, 3)
    assert watch.poll() == ["3"]


def test_a_server_that_wants_to_be_left_alone_holds_up_its_own_feed_only(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> list[str]:
        found = [it.path for it in watch.web.asked]
        watch.web.asked.clear()
        return found

    def at(seconds: float) -> None:
        monkeypatch.setattr("functions.nodes.triggers.rss_trigger.trigger.time.time", lambda: 1_800_000_000.0 + seconds)

    at(0)
    watch.poll(first=True)
    for path, after in (("/a", "3600"), ("/b", "60")):
        watch.web.routes[path] = partial(Exchange.answer, status=429, body=b"slow down", retry_after=after)
    assert watch.poll() == []
    assert (watch.failed["type"], watch.failed["retryAfter"]) == ("HttpRateLimited", 60)
    assert "details" not in watch.failed or "inPart" not in watch.failed["details"]
    asked()
    at(59)
    assert (watch.poll(), asked(), watch.failed["retryAfter"]) == ([], [], 1)
    at(61)
    watch.has("/b", 1)
    assert (watch.poll(), asked()) == ([], ["/b"])
    assert (watch.failed["type"], watch.failed["details"], "retryAfter" in watch.failed) == (
        "HttpRateLimited",
        {"inPart": True},
        False,
    )
    assert "left alone" in watch.failed["remedy"]
    watch.has("/a", 1, 2, 3)
    at(3599)
    assert (watch.poll(), asked()) == ([], ["/b"])
    at(3601)
    assert (watch.poll(), asked(), watch.failed) == (["3"], ["/a", "/b"], {})
    at(3602)
    assert (watch.poll(), asked()) == ([], ["/a", "/b"])


def test_one_feed_alone_is_left_alone_by_the_platform(watch: Watch) -> None:
    watch.paths = ("/a",)
    watch.poll(first=True)
    watch.web.routes["/a"] = lambda it: it.answer(429, b"slow down", retry_after="3600")
    with pytest.raises(HttpRateLimited) as failed:
        watch.poll()
    assert failed.value.retry_after == 3600


def test_slow_feeds_leave_no_other_without_its_turn(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.paths = tuple(f"/{number}" for number in range(6))
    for path in watch.paths:
        watch.has(path, 1)
    watch.poll(first=True)
    firsts = set()
    for minute in range(6):
        monkeypatch.setattr("functions.nodes.triggers.rss_trigger.trigger.time.time", lambda at=minute: 60.0 * at)
        del watch.web.asked[:]
        watch.poll()
        firsts.add(watch.web.asked[0].path)
    assert firsts == set(watch.paths)


def test_publishing_is_refused_where_a_feed_fails(watch: Watch) -> None:
    watch.web.routes["/b"] = lambda it: it.answer(200, b"<html>", content_type="text/html")
    with pytest.raises(ResponseInvalid):
        watch.poll(first=True)


@pytest.mark.parametrize(
    "urls", [" \n ", "\n".join(f"https://example.com/{n}" for n in range(21)), "ftp://x.example/y"]
)
def test_addresses_that_cannot_be_asked(watch: Watch, urls: str) -> None:
    watch.params = {"urls": urls}
    with pytest.raises(ParameterInvalid):
        watch.poll(first=True)


def test_a_cursor_stays_small_and_lists_have_an_end(watch: Watch) -> None:
    watch.paths = ("/a",)
    watch.web.routes["/a"] = lambda it: it.answer(200, rss(*(f"<item><guid>{n}</guid></item>" for n in range(2001))))
    with pytest.raises(ResponseTooLarge):
        watch.poll(first=True)
    for start in range(0, 8000, 2000):
        content = rss(*(f"<item><guid>{n}</guid></item>" for n in range(start, start + 2000)))
        watch.web.routes["/a"] = lambda it, content=content: it.answer(200, content)  # type: ignore[misc]
        watch.poll(first=start == 0, limit=2000)
    assert len(json.dumps(watch.cursor)) < 200_000
