"""What the email node writes, without a server: the same bytes on every supported Python."""

import email
import json
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import pytest

from functions.nodes.messages.email.spec import Params
from stepweave.runtime.mail.errors import AddressInvalid
from stepweave.runtime.mail.message import Mail, Written, message_of

SENDER = "shop@example.com"


def written(**params: Any) -> Mail:
    key = params.pop("key", "")
    made = Params.model_validate({"credential": "x", "to": "ada@example.com", **params})
    return message_of(made, Written(made.subject, made.text, made.html), SENDER, key)


def content(mail: Mail) -> bytes:
    stream = mail.mime()
    made = b"".join(stream.open())
    assert len(made) == stream.size
    return made


def parsed(mail: Mail) -> Message:
    return email.message_from_bytes(content(mail))


def header(mail: Mail, name: str) -> str:
    """Return a header as a reader shows it."""
    return str(make_header(decode_header(parsed(mail)[name].replace("\r\n", ""))))


def header_lines(mail: Mail) -> list[str]:
    """Return the names of the headers, as they stand on the wire."""
    head = content(mail).partition(b"\r\n\r\n")[0].decode()
    assert "\n" not in head.replace("\r\n", "")
    assert all(len(line) <= 78 for line in head.split("\r\n"))
    return [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith(" ")]


def bodies(mail: Mail) -> list[tuple[str, str]]:
    found = []
    for part in parsed(mail).walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            found.append((part.get_content_type(), payload.decode()))
    return found


HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]

SUBJECTS = [
    "Hello",
    "",
    "Größe – “ok” 🎉",
    "=?utf-8?q?Hi=0D=0AX-Evil:_1?=",
    "=?utf-8?b?SGkNClgtRXZpbDogMQ==?=",
    "a =?iso-8859-1?q?=0ABcc:_x@y.z?= b",
    "=?utf-7?q?+AA0ACg-X-Evil: 1?=",
    "line\u2028separator \u2029 and \x85 next line",
    "a\tb",
    "two  spaces",
    "long words " * 30 + "end",
    "x" * 2000,
    "ü" * 700,
    "a" * 44 + "🎉" * 40,
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_arrives_as_it_is_written(subject: str) -> None:
    mail = written(subject=subject)
    assert header_lines(mail) == HEADERS
    assert header(mail, "Subject") == subject


@pytest.mark.parametrize("field", ["to", "cc", "replyTo", "sender"])
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("=?utf-8?q?a=0D=0ABcc:_victim@example.com?= <a@example.com>", ["=?utf-8?q?a=0D=0ABcc:_victim@example.com?="]),
        ('"=?utf-8?q?=0AX:_1?=" <a@example.com>', ["=?utf-8?q?=0AX:_1?="]),
        ("Zoë\u2028X <a@example.com>", ["Zoë\u2028X"]),
        ("A\x85Bcc: x <a@example.com>", ["A\x85Bcc: x"]),
        ('"Doe, \\"Ada\\" \\\\ <x@y.z>" <a@example.com>', ['Doe, "Ada" \\ <x@y.z>']),
        ("Support (Billing) <a@example.com>", ["Support (Billing)"]),
        ("a@example.com (Ada)", ["Ada"]),
        ("ü" * 100 + " <a@example.com>", ["ü" * 100]),
        ("Name " * 40 + "<a@example.com>", [("Name " * 40).strip()]),
    ],
)
def test_a_name_arrives_as_it_is_written(field: str, text: str, names: list[str]) -> None:
    mail = written(**{field: text})
    wire = {"to": "To", "cc": "Cc", "replyTo": "Reply-To", "sender": "From"}[field]
    assert set(header_lines(mail)) <= {*HEADERS, "Cc", "Reply-To"}
    [(name, spec)] = email.utils.getaddresses([parsed(mail)[wire]])
    assert ([str(make_header(decode_header(name)))], spec) == (names, "a@example.com")


@pytest.mark.parametrize("char", ["\n", "\r", "\x00", "\x0b", "\x0c", "\x1c", "\x1e", "\x7f"])
@pytest.mark.parametrize("field", ["to", "cc", "bcc", "replyTo", "sender", "subject"])
def test_control_characters_in_headers_are_refused_by_name(field: str, char: str) -> None:
    with pytest.raises(AddressInvalid, match=r"line break|control character U\+00"):
        written(**{field: f"a{char}b <a@example.com>"})
    assert written(**{field: f"a@example.com{char}" if char.isspace() else "a@example.com"}).recipients


@pytest.mark.parametrize(
    ("to", "recipients"),
    [
        ("a@example.com,b@example.com; c@example.com,,", ["a@example.com", "b@example.com", "c@example.com"]),
        ('"Doe, Ada" <a@example.com>, "b;c" <b@example.com>', ["a@example.com", "b@example.com"]),
        ("A@Example.COM, A@example.com, a@example.com", ["A@example.com", "a@example.com"]),
        ("o'neil+tag=x/y_{z}@example.com", ["o'neil+tag=x/y_{z}@example.com"]),
        (
            "a..b@example.com, .c@example.com, d.@example.com",
            ['"a..b"@example.com', '".c"@example.com', '"d."@example.com'],
        ),
        ('"trap@gmail.com x"@internal.example', ['"trap@gmail.com x"@internal.example']),
        ('"plain"@example.com', ["plain@example.com"]),
        (
            "ada@straße.de, ada@EXÄMPLE.com, ada@例え.jp",
            ["ada@xn--strae-oqa.de", "ada@xn--exmple-cua.com", "ada@xn--r8jz45g.jp"],
        ),
        ("ada@example.com.", ["ada@example.com"]),
        ("root@localhost, x@[192.0.2.1]", ["root@localhost", "x@[192.0.2.1]"]),
        (["a@example.com", "B <b@example.com>"], ["a@example.com", "b@example.com"]),
    ],
)
def test_recipients(to: Any, recipients: list[str]) -> None:
    mail = written(to=to)
    assert mail.recipients == recipients
    assert mail.international is False
    assert content(mail).isascii()


def test_letters_beyond_ascii_before_the_at_are_said_to_need_smtputf8() -> None:
    mail = written(to="Jürgen <jürgen@exämple.com>")
    assert (mail.recipients, mail.international) == (["jürgen@xn--exmple-cua.com"], True)
    assert "<jürgen@xn--exmple-cua.com>".encode() in content(mail)


@pytest.mark.parametrize(
    "address",
    [
        "nobody",
        "a@",
        "@example.com",
        ".@example.com",
        "a b@example.com",
        "a@b@example.com",
        "a@exa mple.com",
        "a@example..com",
        "a@-example.com",
        "a@" + "x" * 64 + ".com",
        "a@ex\u2028ample.com",
        "a\u2028b@example.com",
        "a\u200bb@example.com",
        "Ada <a@example.com> <b@example.com>",
        "Ada <a@example.com",
        "Ada a@example.com>",
        '"Ada <a@example.com>',
        "<>",
        '""@example.com',
        "a@i❤.example",
        "a@[not-an-address]",
    ],
)
def test_what_is_no_address_is_named(address: str) -> None:
    with pytest.raises(AddressInvalid, match=r"To: “.*” is not an email address"):
        written(to=address)


@pytest.mark.parametrize(
    ("text", "arrives"),
    [
        ("Hello\nFrom me\nFrom you", "Hello\r\nFrom me\r\nFrom you\r\n"),
        ("From größe\nFrom x", "From größe\r\nFrom x\r\n"),
        ("a\r\nb\rc\nd\n", "a\r\nb\r\nc\r\nd\r\n"),
        ("vt\x0bff\x0cfs\x1cnul\x00", "vt\x0bff\x0cfs\x1cnul\x00\r\n"),
        ("ls\u2028ps\u2029nel\x85", "ls\u2028ps\u2029nel\x85\r\n"),
        (".\n..\n.x", ".\r\n..\r\n.x\r\n"),
        ("trailing  \nü  \t\n", "trailing  \r\nü  \t\r\n"),
        ("x" * 5000, "x" * 5000 + "\r\n"),
        ("ü" * 5000, "ü" * 5000 + "\r\n"),
        ("a=3D=0A", "a=3D=0A\r\n"),
        ("half \ud83d.", "half \ufffd.\r\n"),
        ("pair \ud83c\udf89", "pair 🎉\r\n"),
    ],
)
@pytest.mark.parametrize("field", ["text", "html"])
def test_a_text_arrives_as_it_is_written(field: str, text: str, arrives: str) -> None:
    mail = written(**{field: text})
    assert bodies(mail) == [("text/plain" if field == "text" else "text/html", arrives)]
    assert max(map(len, content(mail).split(b"\r\n"))) <= 998
    assert b"\n" not in content(mail).replace(b"\r\n", b"")


@pytest.mark.parametrize(
    ("params", "kinds"),
    [
        ({}, ["text/plain"]),
        ({"text": "x"}, ["text/plain"]),
        ({"html": "<b>x</b>"}, ["text/html"]),
        ({"text": " \n", "html": "<b>x</b>"}, ["text/html"]),
        ({"text": "x", "html": " "}, ["text/plain"]),
        ({"text": "x", "html": "<b>ü</b>"}, ["text/plain", "text/html"]),
        ({"text": None, "html": "x", "cc": None, "subject": None}, ["text/html"]),
    ],
)
def test_only_what_is_filled_in_is_sent(params: dict[str, Any], kinds: list[str]) -> None:
    mail = written(**params)
    assert [kind for kind, _ in bodies(mail)] == kinds
    assert parsed(mail).get_content_type() == ("multipart/alternative" if len(kinds) > 1 else kinds[0])


def test_a_key_makes_a_repeated_message_recognisable() -> None:
    first, again, other = (written(key=key, sender="a@exämple.com") for key in ("k1", "k1", "k2"))
    assert first.message_id == again.message_id != other.message_id
    assert first.message_id.endswith("@xn--exmple-cua.com>")
    assert written().message_id != written().message_id
    assert json.dumps(parsed(first)["Message-ID"]) == json.dumps(first.message_id)
