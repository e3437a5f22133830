"""What is read of mails as they are: broken, hostile, in any charset."""

import base64
import io
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest

from stepweave.runtime.mailbox.answers import Fetched
from stepweave.runtime.mailbox.content import Content, content_of
from stepweave.runtime.mailbox.headers import _MOST_ADDRESSES, addresses_of, decoded, moment_of, text_of
from stepweave.runtime.mailbox.items import Head, Reading
from stepweave.runtime.mailbox.plain import text_of_html
from tests.fakes.imap import Imap, imap_server
from tests.fakes.steps import TENANT
from tests.functions.nodes.test_email_trigger import Desk


def read(raw: bytes | str) -> Content:
    return content_of(io.BytesIO(raw.encode() if isinstance(raw, str) else raw))


def head(raw: bytes | str, **params: Any) -> dict[str, Any]:
    content = raw.encode() if isinstance(raw, str) else raw
    return Head(Fetched(1, len(content), None, (), content)).json(Reading("INBOX", params.get("output", "simple"), 25))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?q?Caf=C3=A9?=", "Café"),
        ("=?UTF-8?B?w7w=?= x", "ü x"),
        ("=?utf-8?b?8J+O?= =?utf-8?b?iQ==?=", "🎉"),  # one character in two words
        ("=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        ("=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"),
        ("a\r\n b", "a b"),
        ("=?iso-8859-1*de?q?=FC?=", "ü"),
        ("=?no-such-charset?q?=FC=?=", "ü="),
        ("=?utf-8?b?!!!!?=", ""),
        ("=?utf-8?b?abc?=", "i\ufffd"),
        ("=?utf-8?q?a\r\n?=", "a"),
        ("=?utf-8?q?a=0D=0ABcc:_x?=", "a  Bcc: x"),
        ("=?iso-2022-jp?b?GyRCRnxLXBsoQg==?=", "日本"),
        ("=?gb2312?b?xOO6ww==?=", "你好"),
        ("=?utf-7?q?+APw-?=", "ü"),
        ("Grüße".encode().decode("ascii", "surrogateescape"), "Grüße"),
        ("Grüße".encode("cp1252").decode("ascii", "surrogateescape"), "Grüße"),
        ("=?", "=?"),
        ("=?x?y?z?=" * 3, "=?x?y?z?=" * 3),
        ("__proto__", "__proto__"),
    ],
)
def test_headers_text(raw: str, text: str) -> None:
    assert text_of(raw) == text


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("a@b.c", [("", "a@b.c")]),
        ("Ada <a@b.c>, b@b.c", [("Ada", "a@b.c"), ("", "b@b.c")]),
        ('"Doe, Ada" <a@b.c>', [("Doe, Ada", "a@b.c")]),
        ('"a \\"b\\"" <a@b.c>', [('a "b"', "a@b.c")]),
        ("=?utf-8?q?Doe=2C_x=40y=2Ez?= <a@b.c>", [("Doe, x@y.z", "a@b.c")]),  # what is encoded is no second address
        ("a@b.c (Ada, of course)", [("Ada, of course", "a@b.c")]),
        ("Team: a@b.c, Bo <b@b.c>;", [("", "a@b.c"), ("Bo", "b@b.c")]),
        ("undisclosed-recipients:;", []),
        ("<a@b.c", [("", "a@b.c")]),
        ("Ada", [("Ada", "")]),
        ("=?utf-8?b?QWRhIDxhZGFAeC55Pg==?=, =?utf-8?q?b=40c=2Ed?=", [("Ada", "ada@x.y"), ("", "b@c.d")]),
        ("=?utf-8?q?a=40b.c=2C_d=40e.f?=", [("a@b.c, d@e.f", "")]),  # what is encoded is never two
        ("", []),
        (",,;,", []),
        ("<>", []),
        ("<a@b.c>\r\n ,\r\n <b@b.c>", [("", "a@b.c"), ("", "b@b.c")]),
    ],
)
def test_addresses(raw: str, found: list[tuple[str, str]]) -> None:
    assert [(one["name"], one["address"]) for one in addresses_of(raw)] == found


@pytest.mark.parametrize(
    "raw", ['"' * 60_000, "(" * 60_000, "<" * 60_000, "a@b.c," * 10_000, "=?a?q?" * 10_000, "\\" * 60_000]
)
def test_hostile_headers_are_read_to_their_end(raw: str) -> None:
    # The square of their length would be minutes: a test that seems to hang here is the finding.
    assert len(addresses_of(raw)) <= _MOST_ADDRESSES
    assert text_of(raw).strip()


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("Sun, 29 Nov 2026 10:00:00 +0100", "2026-11-29T09:00:00.000Z"),
        ("29 Nov 2026 10:00:00", "2026-11-29T10:00:00.000Z"),
        ("Sun, 29 Nov 2026 10:00:00 +0100 (CET)", "2026-11-29T09:00:00.000Z"),
        ("Mon Nov 30 2026 10:00:00 GMT+0100 (CET)", "2026-11-30T09:00:00.000Z"),
        ("Mon, 30 Nov 2026 10:00:00 UTC-05:30", "2026-11-30T15:30:00.000Z"),
        ("2026-11-29T10:00:00+01:00", "2026-11-29T09:00:00.000Z"),
        ("soon", None),
        ("Mon, 30 Feb 2026 25:61:00 +9999", None),
        ("Sun, 29 Nov 99999 10:00:00 +0000", None),
        ("", None),
    ],
)
def test_dates(raw: str, moment: str | None) -> None:
    assert moment_of(raw) == moment


@pytest.mark.parametrize(
    ("content", "label", "text"),
    [
        ("Grüße".encode(), "utf-8", "Grüße"),
        ("Grüße".encode(), "", "Grüße"),
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("Grüße".encode("cp1252"), "us-ascii", "Grüße"),
        ("Grüße".encode("cp1252"), "no-such-charset", "Grüße"),
        ("Grüße".encode(), "bogus\x00", "Grüße"),
        ("Grüße".encode(), "utf-8  euao6y69zh2w", "Grüße"),
        ("Grüße".encode("cp850"), "cp-850", "Grüße"),
        ("Grüße".encode(), "unknown-8bit", "Grüße"),
        ("Grüße".encode(), "rot13", "Grüße"),
        (b"\xff\xfe", "zlib", "ÿþ"),
        (b"a\xc3", "utf-8", "a\ufffd"),
        ("日本".encode("iso-2022-jp"), "ISO-2022-JP", "日本"),
        ("한국".encode("iso-2022-kr"), "iso-2022-kr", "한국"),
        (b"~{<:Ky2;NpJ)~}", "hz-gb-2312", "己所不勿"),
        (b"x" * 10, "x" * 100_000, "xxxxxxxxxx"),
    ],
)
def test_charsets(content: bytes, label: str, text: str) -> None:
    assert decoded(content, label)[:4] == text[:4]


@pytest.mark.parametrize(
    ("kind", "content", "text"),
    [
        ("", "<meta charset=windows-1251><p>Привет".encode("cp1251"), "Привет"),
        ("; charset=us-ascii", '<META content="text/html; charset=koi8-r">Привет'.encode("koi8-r"), "Привет"),
        ("; charset=nope", "<meta charset='iso-8859-2'>Žluť".encode("iso-8859-2"), "Žluť"),
        ("; charset=koi8-r", "<meta charset=utf-8>Привет".encode("koi8-r"), "Привет"),  # what the mail says counts
        ("", "<meta charset=windows-1251>Привет".encode(), "Привет"),
        ("", "<meta charset=nope>Grüße".encode("cp1252"), "Grüße"),
    ],
)
def test_a_page_may_say_itself_what_its_charset_is(kind: str, content: bytes, text: str) -> None:
    assert text in read(f"Content-Type: text/html{kind}\n\n".encode() + content).html


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            "<html><head><title>t</title><style>p{a:b}</style></head><body><p>Hi&nbsp;Ada,</p>\n<p>1 &lt; 2<br>3",
            "Hi Ada,\n\n1 < 2\n3",
        ),
        ("<table><tr><td>Total</td><td>5&nbsp;€</td></tr><tr><td>a\n b</td></tr></table>", "Total 5 €\na b"),
        ("<ul><li>a</li><li>b</li></ul>c<!-- <p>no</p> > -->d", "a\nb\n\ncd"),
        ("<!--[if mso]><p>Outlook</p><![endif]-->x<![if !mso]>y<![endif]>", "xy"),
        ("<script>if (a < b) { '<p>' }</script><SCRIPT src=x></SCRIPT >z", "z"),
        ("a < b, c<d, <3", "a < b, c<3"),
        ("a\u200c\u034f\u00ad b", "a b"),
        ("just text", "just text"),
        ("<p>cut <a href=", "cut"),
        ("", ""),
    ],
)
def test_a_mail_with_html_only_has_its_text(html: str, text: str) -> None:
    assert text_of_html(html) == text


@pytest.mark.parametrize("piece", ["<", "<!--", "<script>", "<p", "</", "&amp", "<a href='"])
def test_hostile_html_is_read_to_its_end(piece: str) -> None:
    assert len(text_of_html(piece * 300_000)) <= 2_000_000


def test_html_is_the_text_only_where_there_is_none(desk: Desk) -> None:
    desk.publish()
    desk.imap.comes("Subject: one\nContent-Type: text/html\n\n<p>Hi <b>Ada</b></p>")
    desk.imap.comes(f"Subject: two\n{PARTS}--b\n\nplain\n--b\nContent-Type: text/html\n\n<p>html</p>\n--b--")
    assert desk.poll() == ["one", "two"]
    assert [item["text"].strip() for item in desk.answer["items"]] == ["Hi Ada", "plain"]


def test_headers_that_are_not_encoded_are_in_the_texts_charset() -> None:
    raw = "From: Пётр <p@x.ru>\nTo: Анна <a@x.ru>\nSubject: Привет\nContent-Type: text/plain; charset=windows-1251\n\n"
    for content in (raw.encode("cp1251"), raw.encode()):
        made = head(content, subject="привет")
        assert (made["from"]["name"], made["to"][0]["name"], made["subject"]) == ("Пётр", "Анна", "Привет")


@pytest.mark.parametrize(
    ("kind", "sent", "text"),
    [
        ("format=flowed", "a long \nparagraph \nends.\n\nnext", "a long paragraph ends.\n\nnext"),
        ("format=Flowed; delsp=yes", "https://x.y/a \nb", "https://x.y/ab"),
        ("format=flowed", "> a \n> b\n>> c \nd", "> a b\n>> c \nd"),
        ("format=flowed", " From me\n  two\n > no quote", "From me\n two\n> no quote"),
        ("format=flowed", "end \n-- \nAda \nLovelace", "end \n-- \nAda Lovelace"),
        ("format=fixed", "a \nb", "a \nb"),
        ("format*=nope''%FF", "a \nb", "a \nb"),
    ],
)
def test_lines_that_were_broken_to_be_sent_are_one(kind: str, sent: str, text: str) -> None:
    assert read(f"Content-Type: text/plain; {kind}\n\n{sent}").text == text


def test_a_usual_mail() -> None:
    made = EmailMessage()
    made.set_content("Grüße\n")
    made.add_alternative('<p>Grüße <img src="cid:logo"></p>', subtype="html")
    parts: Any = made.get_payload()
    parts[1].add_related(b"PNG", "image", "png", cid="<logo>")
    made.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Übersicht, 1.pdf")
    made.add_attachment("a,b\n", subtype="csv", filename="a.csv")
    found = read(made.as_bytes())
    assert (found.text, found.html.strip()) == ("Grüße\n", '<p>Grüße <img src="cid:logo"></p>')
    assert [(one.name, one.mime_type, one.content_id, one.content) for one in found.files] == [
        ("file.png", "image/png", "logo", b"PNG"),
        ("Übersicht, 1.pdf", "application/pdf", "", b"%PDF"),
        ("a.csv", "text/csv", "", b"a,b\n"),
    ]


INNER = "From: b@b.c\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe/..?=\n\ninner text\n"
PARTS = 'Content-Type: multipart/mixed; boundary="b"\n\n'


@pytest.mark.parametrize(
    ("raw", "text", "files"),
    [
        ("Subject: x\n\nHi", "Hi", []),
        ("", "", []),
        ("\n", "", []),
        ("no header at all", "no header at all", []),
        (b"\x00\xff\xfe\n\n\x00x", "ÿþ\n\nx", []),
        # A mail within the mail: its text is not the mail's.
        (f"{PARTS}--b\n\nouter\n--b\nContent-Type: message/rfc822\n\n{INNER}\n--b--\n", "outer", ["Grüße_...eml"]),
        (
            f"{PARTS}--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            f"{base64.b64encode(INNER.encode()).decode()}\n--b--\n",
            "",
            ["message.eml"],
        ),
        # No end, no beginning, no boundary.
        (f"{PARTS}--b\n\nouter", "outer", []),
        (f"{PARTS}nothing", "nothing", []),
        ("Content-Type: multipart/mixed\n\nHi", "Hi", []),
        (f'{PARTS}--b\nContent-Type: application/pdf; name="=?utf-8?q?=C3=BC.pdf?="\n\nx\n--b--', "", ["ü.pdf"]),
        (f"{PARTS}--b\nContent-Disposition: attachment; filename*=utf-8''%C3%BC.pdf\n\nx\n--b--", "", ["ü.pdf"]),
        (f"{PARTS}--b\nContent-Disposition: attachment; filename*=nope''%FF.pdf\n\nx\n--b--", "", None),
        (f'{PARTS}--b\nContent-Disposition: attachment; filename="../../etc/a"\n\nx\n--b--', "", ["_.._etc_a"]),
        (f'{PARTS}--b\nContent-Disposition: attachment; filename="a\u202egpj.exe"\n\nx\n--b--', "", ["a_gpj.exe"]),
        (f"{PARTS}--b\nContent-Disposition: attachment\n\nx\n--b--", "", ["file.txt"]),
        (f"{PARTS}--b\nContent-Type: nonsense\n\nx\n--b--", "x", []),
        (f"{PARTS}--b\nContent-Type: text/calendar\n\nBEGIN\n--b--", "", ["file.ics"]),
        (
            f"{PARTS}--b\nContent-Type: a/b; name=x\nContent-Disposition: attachment; filename=u.pdf; "
            "filename*=iso-8859-1''%FC.pdf\n\nx\n--b--",
            "",
            ["ü.pdf"],
        ),
        (f"{PARTS}--b\n\none\n--b\nContent-Disposition: inline\n\nfooter\n--b--", "one\nfooter", []),
        ("Content-Transfer-Encoding: base64\n\nSGk=!!!", "Hi", []),
        ("Content-Transfer-Encoding: base64\n\nSGk", "Hi", []),
        ("Content-Transfer-Encoding: nonsense\n\nHi", "Hi", []),
        ("Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=ZZ=\n", "Grü=ZZ", []),
        ("Content-Type: text/plain; charset*=nope''%FF\n\nHi", "Hi", []),
    ],
)  # fmt: skip
def test_mime_as_it_is(raw: bytes | str, text: str, files: list[str] | None) -> None:
    found = read(raw)
    assert found.text.strip() == text
    if files is not None:
        assert [one.name for one in found.files] == files


def test_a_mail_within_is_whole() -> None:
    [file] = read(f"{PARTS}--b\nContent-Type: message/rfc822\n\n{INNER}\n--b--\n").files
    assert (file.mime_type, file.content.strip()) == ("message/rfc822", INNER.strip().encode())
    coded = base64.b64encode(INNER.encode()).decode()
    head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64"
    [file] = read(f"{PARTS}--b\n{head}\n\n{coded}\n--b--\n").files
    assert file.content == INNER.encode()


def test_mails_without_end_have_one() -> None:
    many = PARTS + "--b\nContent-Disposition: attachment\n\nx\n" * 2000
    found = read(many)
    assert (len(found.files), found.left_out > 0) == (100, True)
    with pytest.raises(ValueError, match="too many lines"):
        read("boundary" * 300 + "\n" * 300_000)
    deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(60))
    assert read(f"{deep}\nHi").text.strip() == "Hi"


def test_the_fields_of_a_head() -> None:
    made = head(
        "From: Ada <a@b.c>\nTo: x@b.c\nTo: y@b.c\nSubject: a\nSubject: b\nMessage-ID: <1@x> \nIn-Reply-To: <0@x>\n"
        "References: <a@x>\n <b@x>\n__proto__: p\nReceived: 1\nReceived: 2\n\n",
        output="resolved",
    )
    assert (made["from"], made["subject"]) == ({"name": "Ada", "address": "a@b.c"}, "a")
    assert [one["address"] for one in made["to"]] == ["x@b.c", "y@b.c"]
    assert (made["messageId"], made["inReplyTo"], made["references"]) == ("<1@x>", "<0@x>", ["<a@x>", "<b@x>"])
    assert (made["headers"]["received"], made["headers"]["__proto__"]) == (["1", "2"], "p")
    bare = head(b"\xff\xff")
    assert (bare["from"], bare["to"], bare["subject"], bare["date"], bare["messageId"]) == (None, [], "", None, None)


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    with imap_server() as imap:
        made = Desk(imap)
        made.account()
        yield made


def with_files(imap: Imap) -> None:
    made = EmailMessage()
    made["Subject"] = "files"
    made.set_content("Hi")
    made.add_attachment(b"%PDF" * 1000, maintype="application", subtype="pdf", filename="a.pdf")
    imap.comes(made.as_bytes())


def test_attachments_are_stored_at_one_place_however_often_they_are_read(desk: Desk) -> None:
    desk.params = {"output": "resolved"}
    desk.publish()
    with_files(desk.imap)
    before = desk.cursor
    assert desk.poll() == ["files"]
    [attachment] = desk.answer["items"][0]["attachments"]
    assert attachment == {"name": "a.pdf", "mimeType": "application/pdf", "size": 4000, "file": "attachment_0"}
    ref = desk.answer["files"][0]["attachment_0"]
    assert (ref["fileName"], ref["size"], ref["key"].startswith(f"{TENANT}/")) == ("a.pdf", 4000, True)
    stored = dict(desk.bench.outside.storage.objects)
    assert list(stored.values()) == [b"%PDF" * 1000]
    desk.cursor = before
    assert desk.poll() == ["files"]
    assert desk.bench.outside.storage.objects == stored
    assert desk.answer["items"][0]["headers"]["subject"] == "files"


def test_the_other_outputs(desk: Desk) -> None:
    desk.publish()
    with_files(desk.imap)
    before = desk.cursor
    desk.poll()
    assert "files" not in desk.answer
    assert desk.answer["items"][0]["attachments"] == [{"name": "a.pdf", "mimeType": "application/pdf", "size": 4000}]
    desk.cursor, desk.params = before, {"output": "raw"}
    desk.poll()
    [files] = desk.answer["files"]
    assert desk.bench.outside.storage.objects["data", files["mail"]["key"]] == desk.imap.inbox.mails[0].content
    assert "text" not in desk.answer["items"][0]


def test_where_files_cannot_be_stored_the_mail_comes_later(desk: Desk) -> None:
    desk.params = {"output": "resolved"}
    desk.publish()
    with_files(desk.imap)
    desk.bench.outside.storage.down = True
    assert desk.refused()["type"] == "StorageUnavailable"
    desk.bench.outside.storage.down = False
    assert desk.poll() == ["files"]


@pytest.fixture
def usual_recursion() -> Iterator[None]:
    """The interpreter's own limit, as functions have it: libraries of other tests raise it (Hypothesis does)."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("usual_recursion")
def test_a_mail_that_nobody_can_read_holds_up_no_other(desk: Desk) -> None:
    desk.publish()
    deep = "".join(f'Content-Type: multipart/mixed; boundary="{n}"\n\n--{n}\n' for n in range(1200))
    desk.imap.comes(f"Subject: deep\n{deep}\nHi")
    desk.imap.comes("Subject: fine\n\nHi")
    assert desk.poll() == ["deep", "fine"]
    assert desk.answer["items"][0]["error"]["type"] == "MailUnreadable"


def test_a_text_that_is_too_long_for_an_item_is_a_file_too(desk: Desk) -> None:
    desk.params = {"output": "resolved"}
    desk.publish()
    desk.imap.comes("Subject: long\nContent-Type: text/html; charset=utf-8\n\n" + "🎉ü" * 200_000)
    assert desk.poll() == ["long"]
    [item] = desk.answer["items"]
    assert (len(item["html"]), item["cut"], item["attachments"][0]["name"]) == (150_000, ["html"], "html.html")
    assert next(iter(desk.bench.outside.storage.objects.values())).decode().startswith("🎉ü🎉")
