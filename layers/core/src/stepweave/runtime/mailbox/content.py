"""A mail's body: its text, its HTML, and its files, however broken its MIME is."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.generator import BytesGenerator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import collapse_rfc2231_value
from typing import IO, TYPE_CHECKING, Any, Final, cast

from stepweave.runtime.charsets import declared_within
from stepweave.runtime.http.file_names import safe_name
from stepweave.runtime.mailbox.flowed import unflowed
from stepweave.runtime.mailbox.headers import decoded, is_charset, is_utf_8, text_of

if TYPE_CHECKING:
    Part = Message[Any, Any]

MOST_PARTS: Final = 1000
"""Parts that are looked at; further ones are left out."""
MOST_FILES: Final = 100
MOST_WORK: Final = 60_000_000
"""Lines times parts: 12 s. A mail of 35 MB in base64 has half a million lines."""
_DEEPEST: Final = 300
"""Parts in each other, about which Python's parser ends itself."""
_PIECE: Final = 1024 * 1024
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_ENDINGS: Final = {
    "application/json": ".json",
    "application/pdf": ".pdf",
    "application/xml": ".xml",
    "application/zip": ".zip",
    "image/gif": ".gif",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    "message/delivery-status": ".txt",
    "text/calendar": ".ics",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/rfc822-headers": ".txt",
    "text/vcard": ".vcf",
    "text/xml": ".xml",
}
"""What the names of files end in that have none."""
_TEXTS: Final = ("text/plain", "text/html")


@dataclass(slots=True)
class File:
    """A file of a mail. `content_id` is what its HTML calls it (`cid:`); "" where it has none."""

    name: str
    mime_type: str
    content_id: str
    inline: bool
    content: bytes = field(repr=False)


@dataclass(slots=True)
class Content:
    """What is in a mail."""

    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    left_out: int = 0
    """Files beyond `MOST_FILES`."""


def content_of(file: IO[bytes]) -> Content:
    """Return what is in a mail.

    Args:
        file: the mail, from its beginning.

    Raises:
        ValueError: reading it would take longer than a poll may.
        Exception: what Python's parser does about a mail that it does not foresee.
    """
    _check_work(file)
    found = Content()
    texts: dict[str, list[str]] = {kind: [] for kind in _TEXTS}
    for part in _leaves(BytesParser(policy=compat32).parse(file)):
        kind = part.get_content_type()
        name = _name(part)
        disposition = str(part.get_content_disposition() or "")
        if part.is_multipart() or name or disposition == "attachment" or kind not in _TEXTS:
            if kind.startswith("multipart/") and not part.is_multipart():  # parts that nothing parts: it is text
                texts["text/plain"].append(_text(part))
            elif len(found.files) < MOST_FILES:
                found.files.append(_file(part, kind, name, disposition == "inline"))
            else:
                found.left_out += 1
        else:
            texts[kind].append(_text(part))
    found.text, found.html = ("\n".join(filter(None, texts[kind])) for kind in _TEXTS)
    return found


def _check_work(file: IO[bytes]) -> None:
    """Refuse a mail made to be slow: the parser compares each line with the boundaries of all parts around it."""
    lines = parts = 1
    while piece := file.read(_PIECE):
        lines += piece.count(b"\n")
        parts += piece.lower().count(b"boundary")
    file.seek(0)
    if lines * min(parts, _DEEPEST) > MOST_WORK:
        raise ValueError("too many lines within too many parts")


def _leaves(whole: "Part") -> "Iterator[Part]":
    """Yield the parts that hold something, in order. A mail within the mail is one, whatever is in it."""
    stack, looked_at = [whole], 0
    while stack and looked_at < MOST_PARTS:
        part, looked_at = stack.pop(), looked_at + 1
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            inner: Any = part.get_payload()
            stack += reversed(inner)
        else:
            yield part


def _text(part: "Part") -> str:
    try:
        label = str(part.get_content_charset() or "")
    except (LookupError, ValueError, TypeError):
        label = ""
    content, kind = _bytes(part), part.get_content_type()
    if kind == "text/html" and not is_charset(label) and not is_utf_8(content):
        label = declared_within(content, kind) or label
    text = decoded(content, label).replace("\r\n", "\n").replace("\x00", "")
    return unflowed(text, delete_space=_is(part, "delsp", "yes")) if _is(part, "format", "flowed") else text


def _is(part: "Part", name: str, value: str) -> bool:
    """Whether a parameter of a part's content type has a value."""
    try:
        return str(part.get_param(name) or "").strip().lower() == value and part.get_content_type() == "text/plain"
    except (LookupError, ValueError, TypeError, AttributeError):
        return False


def _file(part: "Part", kind: str, name: str, inline: bool) -> File:
    content_id = text_of(str(part.get("content-id") or "")).strip("<> ")
    content = _message(part) if part.is_multipart() else _bytes(part)
    if kind == "message/rfc822":
        inner: Any = part.get_payload()
        subject = str(inner[0].get("subject") or "") if isinstance(inner, list) and inner else ""
        name = name or safe_name(f"{text_of(subject) or 'message'}.eml")
    mime_type = kind if _MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"
    return File(
        name or f"file{_ENDINGS.get(kind, '')}", mime_type, content_id[:998], inline or bool(content_id), content
    )


def _name(part: "Part") -> str:
    for header, value in part.raw_items():
        # Names in bare UTF-8 are not allowed, and usual; Python's parser makes question marks of them.
        if header.lower() in ("content-type", "content-disposition") and not str(value).isascii():
            part.replace_header(header, text_of(str(value)))
    try:
        raw = _raw_name(part)
    except (LookupError, ValueError, TypeError, AttributeError):  # a charset that nobody knows (RFC 2231)
        raw = ""
    return safe_name(text_of(str(raw)))


def _raw_name(part: "Part") -> str:
    """Return a part's name: that in a charset of its own (RFC 2231) before the one for programs that know none."""
    for header, name in (("content-disposition", "filename"), ("content-type", "name")):
        given: list[Any] = [value for key, value in part.get_params([], header) if key.lower() == name]
        if given:
            return collapse_rfc2231_value(next((one for one in given if isinstance(one, tuple)), given[0])).strip()
    return ""


def _bytes(part: "Part") -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _message(part: "Part") -> bytes:
    """Return the mails (or reports) that a part holds, as they are."""
    out, held = io.BytesIO(), cast("list[Any]", part.get_payload())
    for inner in held:
        BytesGenerator(out, mangle_from_=False, maxheaderlen=0).flatten(inner)
    content = out.getvalue()
    if str(part.get("content-transfer-encoding") or "").strip().lower() == "base64":  # forbidden, and met
        bare = Message()
        bare["content-transfer-encoding"] = "base64"
        bare.set_payload(content.decode("ascii", "surrogateescape"))
        plain = bare.get_payload(decode=True)
        return plain if isinstance(plain, bytes) and plain.strip() else content
    return content
