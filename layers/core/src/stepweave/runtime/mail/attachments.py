"""Files that go with a message: those that parameters name, and the pictures that its HTML shows."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import quote, unquote

from stepweave.model.items import Item
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.bodies import UNKNOWN_TYPE, mime_type_of
from stepweave.runtime.http.file_names import safe_name
from stepweave.runtime.item_files import OpenFile, file_of, files_named
from stepweave.runtime.mail.errors import EmailTooLarge
from stepweave.spec.operation_files import SentFile

MOST_FILES: Final = 100
MOST_BYTES: Final = 50 * 1024 * 1024
"""Of all files of a message; most servers take less, and say so."""
_CID: Final = re.compile(r"""(["'(=\s]\s*)cid:([^"'()<>\s]{1,500})""", re.IGNORECASE)
_ID: Final = re.compile(r"[!#$%&'*+/=?^_`{|}~.@A-Za-z0-9-]{1,200}")
_MULTIPLE: Final = ("message/", "multipart/")
"""What nobody may encode as base64 (RFC 2046, sections 5.1 and 5.2): such a file goes as bytes."""
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
)
_ENDINGS: Final = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/bmp": ".bmp",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file of a message. `content_id` is what its HTML shows it by; "" for one that stands below the text."""

    name: str
    mime_type: str
    size: int
    chunks: Callable[[], Iterator[bytes]] = field(repr=False)
    content_id: str = ""


def attachments_of(value: Any, item: Item, open_file: OpenFile) -> list[Attachment]:
    """Return the files that a field names.

    Args:
        value: names of the item's files between commas, `*` for all of them; a file as expressions give it; or a list.
        item: the input item.
        open_file: `Step.open_file`.

    Raises:
        ParameterInvalid, DataMissing: as `file_of`.
        EmailTooLarge: they are too many.
    """
    found = [
        attachment_of(file_of(one, item, open_file, "Attachments", "params.attachments"))
        for one in files_named(value, item)
    ]
    if len(found) > MOST_FILES:
        raise EmailTooLarge(
            f"{len(found)} files are too many; a message may have {MOST_FILES}.", "Send them as one archive."
        )
    return found


def inline_of(rows: Sequence[tuple[str, Any]], item: Item, open_file: OpenFile) -> list[Attachment]:
    """Return the pictures of an HTML, by the names that it shows them by. Raises as `attachments_of`."""
    made: dict[str, Attachment] = {}
    for index, (name, value) in enumerate(rows):
        id = re.sub(r"(?i)^cid:", "", name.strip()).strip("<> ")
        place = f"params.inlineImages.{index}"
        if not _ID.fullmatch(id) or id.casefold() in {one.casefold() for one in made}:
            what = "is there twice" if _ID.fullmatch(id) else "cannot stand behind cid:"
            raise ParameterInvalid(
                f"Pictures in the HTML, row {index + 1}: the name “{name[:80]}” {what}.",
                "Give each picture a name of its own, of letters, digits, dots and dashes.",
                details={"field": f"{place}.name"},
            )
        file = file_of(value, item, open_file, f"Pictures in the HTML, “{id[:80]}”", f"{place}.value")
        made[id] = _picture(replace(attachment_of(file), content_id=id))
    return list(made.values())


def matched(html: str, files: Sequence[Attachment]) -> tuple[str, list[str], list[str]]:
    """Return the HTML with its `cid:` written as the pictures are called, whatever their case.

    Returns:
        The HTML, the names in it that no picture has, and those of pictures that it does not show.
    """
    ids = {file.content_id.casefold(): file.content_id for file in files if file.content_id}
    missing: dict[str, None] = {}
    shown: set[str] = set()

    def put(found: re.Match[str]) -> str:
        id = ids.get(unquote(found[2]).casefold())
        if id is None:
            missing[found[2][:80]] = None
            return found[0]
        shown.add(id)
        return f"{found[1]}cid:{quote(id, safe='@!$*+-._~')}"

    whole = _CID.sub(put, html)
    return whole, list(missing), [id for id in ids.values() if id not in shown]


def check_size(files: Sequence[Attachment], most: int, whose: str) -> None:
    """Raise EmailTooLarge where files have more bytes together than `whose` takes."""
    total = sum(file.size for file in files)
    if total > most:
        largest = max(files, key=lambda file: file.size)
        raise EmailTooLarge(
            f"The files have {size_text(total)} together; {whose} takes {size_text(most)}. The largest is"
            f" “{largest.name}” with {size_text(largest.size)}.",
            "Send a link to the file instead, or fewer files in a message.",
            details={"bytes": total, "most": most},
        )


def attachment_of(file: SentFile) -> Attachment:
    """Return a stored file as one of a message."""
    mime_type = mime_type_of(file)
    kind = UNKNOWN_TYPE if mime_type.lower().startswith(_MULTIPLE) else mime_type
    return Attachment(safe_name(file.name) or "file", kind, file.size, file.chunks)


def _picture(file: Attachment) -> Attachment:
    """Return a picture with the type that its bytes tell: programs show none that is said to be something else."""
    if not file.mime_type.startswith("image/"):
        start = next(file.chunks(), b"")[:1024]
        kind = next((kind for magic, kind in _MAGIC if start.startswith(magic)), "")
        if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
            kind = "image/webp"
        elif b"<svg" in start.lower():
            kind = "image/svg+xml"
        file = replace(file, mime_type=kind or file.mime_type)
    if file.name == "file":
        file = replace(file, name=file.content_id.partition("@")[0] + _ENDINGS.get(file.mime_type, ""))
    return file
