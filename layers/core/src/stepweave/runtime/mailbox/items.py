"""From a mail to the JSON and the files of an item."""

import hashlib
import io
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.policy import compat32
from typing import IO, TYPE_CHECKING, Any, Final, Literal, cast

from stepweave.model.items import BinaryRef
from stepweave.model.sizes import size_text
from stepweave.runtime.charsets import charset_of
from stepweave.runtime.errors import NodeError
from stepweave.runtime.mailbox.answers import Fetched
from stepweave.runtime.mailbox.content import MOST_FILES, Content, File, content_of
from stepweave.runtime.mailbox.headers import addresses_of, ids_of, iso, moment_of, text_of, values_of
from stepweave.runtime.mailbox.plain import text_of_html

if TYPE_CHECKING:
    from stepweave.runtime.mailbox.server import MailServer

MOST_CHARACTERS: Final = 300_000
"""Of a text or HTML in an item. The whole is a file then."""
_MOST_ESCAPED: Final = 1_800_000
"""Bytes of one in JSON: both fit an answer of 4 MB."""
_MOST_HEADERS: Final = 500


StoreFile = Callable[..., BinaryRef]
"""Stores a file under a key (`Asked.store_file`)."""
Output = Literal["simple", "resolved", "raw"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read of mails.

    Attributes:
        mailbox: what it is called.
        output: text and fields; all headers and the files, too; or the mail as a file.
        max_mb: of a larger mail there are the headers' fields only.
    """

    mailbox: str
    output: Output
    max_mb: int


class Head:
    """What is known of a mail before it is read."""

    def __init__(self, found: Fetched) -> None:
        self.found = found
        self.values = values_of(BytesHeaderParser(policy=compat32).parsebytes(found.literal or b""))
        self._charset = charset_of(self.raw("content-type"))

    def raw(self, name: str) -> str:
        """Return the first header of a name as it is; "" where there is none."""
        return self.values.get(name, [""])[0]

    @property
    def key(self) -> str:
        """What a mail is known by where the server has given all mails other numbers."""
        known = self.raw("message-id").strip() or self.found.literal or b""
        return hashlib.sha256(known.encode("utf-8", "replace") if isinstance(known, str) else known).hexdigest()[:12]

    def meets(self, sender: str, subject: str) -> bool:
        """Whether sender and subject hold what is looked for, in any case."""
        wanted = ((sender, "from"), (subject, "subject"))
        return all(text.strip().casefold() in self.text(name).casefold() for text, name in wanted)

    def json(self, reading: Reading) -> dict[str, Any]:
        """Return the fields that headers give."""
        senders = addresses_of(self.raw("from"), self._charset)
        found = self.found
        made: dict[str, Any] = {
            "from": senders[0] if senders else None,
            "to": self._all("to"),
            "cc": self._all("cc"),
            "replyTo": self._all("reply-to"),
            "subject": self.text("subject"),
            "date": moment_of(self.raw("date")),
            "receivedAt": iso(found.received) if found.received else None,
            "messageId": next(iter(ids_of(self.raw("message-id"))), None),
            "inReplyTo": next(iter(ids_of(self.raw("in-reply-to"))), None),
            "references": ids_of(self.raw("references")),
            "uid": found.uid,
            "mailbox": reading.mailbox,
            "flags": list(found.flags),
            "size": found.size,
        }
        if reading.output == "resolved":
            made["headers"] = {
                name: texts[0] if len(texts) == 1 else texts
                for name, texts in list(self._texts().items())[:_MOST_HEADERS]
            }
        return made

    def _all(self, name: str) -> list[dict[str, str]]:
        return [one for value in self.values.get(name, ()) for one in addresses_of(value, self._charset)]

    def text(self, name: str) -> str:
        """Return the first header of a name as people read it."""
        return text_of(self.raw(name), self._charset)

    def _texts(self) -> dict[str, list[str]]:
        return {name: [text_of(value, self._charset) for value in values] for name, values in self.values.items()}


class Reader:
    """Reads mails. `place` names the mailbox: files of one mail always lie at the same place."""

    def __init__(self, server: "MailServer", reading: Reading, store_file: StoreFile, place: str) -> None:
        self._server, self._reading, self._store_file, self._place = server, reading, store_file, place

    def item(self, head: Head) -> tuple[dict[str, Any], dict[str, BinaryRef], bool] | None:
        """Return a mail's JSON, its files, and whether all of it is there; None where the mail is gone.

        A mail that is too large, or that nobody can read, has its headers' fields and an `error`.

        Raises:
            MailServerRefused, MailServerUnavailable: of the server.
            StorageUnavailable: a file could not be stored.
        """
        made, most = head.json(self._reading), self._reading.max_mb * 1024 * 1024
        # Some servers only guess sizes: what is a little too large may still fit.
        if head.found.size > most * 1.1:
            return {**made, **self._too_large(head.found.size)}, {}, False
        with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as file:
            size = self._server.download(head.found.uid, cast("IO[bytes]", file), most)
            if size is None:
                return None
            if size > most:
                return {**made, **self._too_large(max(size, head.found.size))}, {}, False
            file.seek(0)
            if self._reading.output == "raw":
                return made, {"mail": self._raw(head, cast("IO[bytes]", file), size)}, True
            try:
                content = content_of(cast("IO[bytes]", file))
            except NodeError:
                raise
            except Exception as error:  # broken in a way that Python's parser does not know
                words = f"The mail cannot be read ({type(error).__name__})."
                return {**made, "error": {"type": "MailUnreadable", "message": words}}, {}, False
        return self._whole(made, head, content)

    def _whole(
        self, made: dict[str, Any], head: Head, content: Content
    ) -> tuple[dict[str, Any], dict[str, BinaryRef], bool]:
        stores = self._reading.output == "resolved"
        long = [
            kind for kind in ("text", "html") if len(_beginning(getattr(content, kind))) < len(getattr(content, kind))
        ]
        files = list(content.files)
        if stores:
            files += [
                File(f"{kind}.{'txt' if kind == 'text' else 'html'}", f"text/{'plain' if kind == 'text' else 'html'}",
                     "", False, getattr(content, kind).encode("utf-8", "replace"))
                for kind in long
            ]  # fmt: skip
        binary: dict[str, BinaryRef] = {}
        attachments = []
        for index, file in enumerate(files):
            one: dict[str, Any] = {"name": file.name, "mimeType": file.mime_type, "size": len(file.content)}
            if file.content_id:
                one["contentId"] = file.content_id
            if file.inline:
                one["inline"] = True
            if stores:
                one["file"] = f"attachment_{index}"
                binary[one["file"]] = self._stored(head, f"{index}", io.BytesIO(file.content), file)
            attachments.append(one)
        text = content.text or text_of_html(content.html)
        made |= {"text": _beginning(text), "html": _beginning(content.html)}
        made["attachments"] = attachments
        if long:
            made["cut"] = long
        if content.left_out:
            made["attachmentsLeftOut"] = content.left_out
        return made, binary, True

    def _raw(self, head: Head, file: IO[bytes], size: int) -> BinaryRef:
        digest = hashlib.sha256()
        while piece := file.read(256 * 1024):
            digest.update(piece)
        file.seek(0)
        name = "message.eml"
        return self._store_file(
            self._key(head, name), file, size=size, sha256=digest.hexdigest(), mime_type="message/rfc822",
            file_name=name,
        )  # fmt: skip

    def _stored(self, head: Head, name: str, content: IO[bytes], file: File) -> BinaryRef:
        return self._store_file(
            self._key(head, name),
            content,
            size=len(file.content),
            sha256=hashlib.sha256(file.content).hexdigest(),
            mime_type=file.mime_type,
            file_name=file.name,
        )

    def _key(self, head: Head, name: str) -> str:
        return f"{self._place}/{head.found.uid}/{name}"

    def _too_large(self, size: int) -> dict[str, Any]:
        words = f"The mail has {size_text(size)}; {self._reading.max_mb} MB are read."
        return {"error": {"type": "MailTooLarge", "message": words, "size": size}}


def weight(made: dict[str, Any]) -> int:
    """Return how many bytes an item takes in an answer."""
    return len(json.dumps(made))


def _beginning(text: str) -> str:
    """Return as much of a text as an item has."""
    kept = text[:MOST_CHARACTERS]
    # An emoji has twelve bytes (`\ud83c\udf89`).
    return kept if len(json.dumps(kept)) <= _MOST_ESCAPED else kept[: _MOST_ESCAPED // 12]


__all__ = ["MOST_CHARACTERS", "MOST_FILES", "Head", "Reader", "weight"]
