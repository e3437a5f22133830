"""Forms that requests carry: urlencoded fields, and multipart forms with their files (RFC 7578)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from stepweave_data.hooks.refusals import Refusal

MOST_FIELDS: Final = 1000
MOST_FILES: Final = 50
"""Each is an object of its own in S3."""
LONGEST_NAME: Final = 200
_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True)
class File:
    """A file that came with a request. `name` is that of its field."""

    name: str
    content: bytes
    mime_type: str
    file_name: str = ""


def pairs(text: str, what: str, charset: str = "utf-8") -> dict[str, Any]:
    """Return urlencoded fields, as `fields` does.

    Args:
        text: `a=1&b=2`.
        what: for people: "The query".
        charset: of what is percent-encoded; bytes that are none become U+FFFD.

    Raises:
        Refusal: 400, too many fields.
    """
    try:
        return fields(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding=charset))
    except ValueError:
        raise _too_many(what) from None


def fields(given: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return fields by name. One that comes several times is a list, one whose name ends in `[]` is always one."""
    found: dict[str, Any] = {}
    for whole, value in given:
        listed = whole.endswith("[]") and whole != "[]"
        name = whole[:-2] if listed else whole
        if name in found:
            known = found[name]
            found[name] = [*known, value] if isinstance(known, list) else [known, value]
        else:
            found[name] = [value] if listed else value
    return found


def multipart(body: bytes, boundary: str) -> tuple[dict[str, Any], list[File]]:
    """Return the fields and the files of a multipart form. A field that is no text of its charset is a file.

    Args:
        body: all of it.
        boundary: as the content type names it.

    Raises:
        Refusal: 400, where it is broken, cut off, or has too many parts.
    """
    from multipart import MultipartError, MultipartSegment, PushMultipartParser  # only for those who send forms

    texts: list[tuple[str, str]] = []
    files: list[File] = []
    part: MultipartSegment | None = None
    content = b""
    try:
        with PushMultipartParser(boundary, strict=True) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    part, content = event, b""
                elif event is not None:
                    content += bytes(event)
                elif part is not None:
                    _take(part, content, texts, files)
                    part = None
    except (MultipartError, UnicodeError) as error:
        words = f"The form is broken or cut off: {error}."
        raise Refusal(400, "invalid_form", "Not a form", words) from None
    if len(texts) + len(files) > MOST_FIELDS:
        raise _too_many("The form")
    if len(files) > MOST_FILES:
        words = f"The form has {len(files)} files; it may have {MOST_FILES}."
        raise Refusal(400, "too_many_files", "Too many files", words)
    return fields(texts), files


def _take(part: Any, content: bytes, texts: list[tuple[str, str]], files: list[File]) -> None:
    name, file_name = str(part.name), part.filename
    if file_name is None:
        try:
            texts.append((name, content.decode(part.charset or "utf-8")))
        except (LookupError, UnicodeDecodeError):
            files.append(File(_bare(name), content, part.content_type or "application/octet-stream"))
        return
    if not file_name and not content:
        return  # what a browser sends where no file was chosen
    files.append(File(_bare(name), content, part.content_type or "application/octet-stream", _plain(file_name)))


def _bare(name: str) -> str:
    return (name.removesuffix("[]") or "file")[:LONGEST_NAME]


def _plain(file_name: str) -> str:
    """Return a file's name without folders and unprintable characters."""
    return _UNPRINTABLE.sub("", re.split(r"[/\\]", file_name)[-1])[-LONGEST_NAME:]


def _too_many(what: str) -> Refusal:
    return Refusal(400, "too_many_fields", "Too many fields", f"{what} may have at most {MOST_FIELDS} fields.")
