"""A response's body, within its limits: bytes, text, JSON, or a file whose size and hash are found on the way."""

import hashlib
import json
import re
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final

from urllib3.exceptions import HTTPError, ReadTimeoutError

from stepweave.model.items import BinaryRef
from stepweave.runtime.charsets import UnknownCharset, charset_of, codec_of, decoded, has_mark
from stepweave.runtime.errors import NodeError
from stepweave.runtime.http.client import Response, broken, timed_out
from stepweave.runtime.http.file_names import file_name
from stepweave.runtime.http.headers import header, headers_of, values_of
from stepweave.runtime.http.json_body import read_json, read_lines
from stepweave.runtime.http.refusals import SHOWN, refused, words_of
from stepweave.runtime.http.unpacking import CannotUnpack, codings_of, unpacked
from stepweave.runtime.http.url import Target
from stepweave.runtime.http_errors import ResponseInvalid, ResponseTooLarge
from stepweave.runtime.metering import current_meter

MOST_TEXT_MB: Final = 50
"""The largest body that is read into memory; anything larger is taken as a file."""
_CHUNK: Final = 64 * 1024
_IN_MEMORY: Final = 8 * 1024 * 1024

StoreFile = Callable[..., BinaryRef]
"""`Step.store_file`."""


def _unheard(words: str) -> None:
    """Take what should be said, where nobody is told."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A response being read. Use it as a context: leaving it gives the connection back, or closes it.

    Attributes:
        response: as `client.send` returned it, its body unread.
        target: where it came from.
        deadline: until when it may be read, on the clock of `time.monotonic`.
        method: of the request.
        warn: told what was read in a way one may not expect.
    """

    response: Response
    target: Target
    deadline: float
    method: str = "GET"
    warn: Callable[[str], None] = _unheard

    def __enter__(self) -> "Arrived":
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the connection go: one that was not read to its end is closed; the next request must not meet it."""
        if not self.response.closed:
            self.response.close()
        self.response.release_conn()

    @property
    def status(self) -> int:
        """HTTP's."""
        return self.response.status

    @property
    def headers(self) -> dict[str, Any]:
        """All headers by their names in lower case (`headers_of`)."""
        return headers_of(self.response)

    @property
    def content_type(self) -> str:
        """The header, of several the last, as in browsers; empty where the server names none."""
        return next(reversed(values_of(self.response, "content-type")), "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def has_body(self) -> bool:
        """Whether HTTP lets this response have one (RFC 9110, section 6.4.1)."""
        return self.method != "HEAD" and self.response.status not in (204, 205, 304)

    def chunks(self, most_mb: int) -> Iterator[bytes]:
        """Yield the body, unpacked, until its end.

        Raises:
            ResponseTooLarge: it has more than `most_mb`.
            ResponseInvalid: its compression cannot be taken apart.
            RequestTimeout: it did not arrive in time.
            ConnectionFailed: the connection broke.
        """
        most = most_mb * 1024 * 1024
        announced = header(self.response, "content-length")
        too_large = self.has_body and re.fullmatch("[0-9]{1,18}", announced) is not None and int(announced) > most
        body, size = self._unpacked(), 0
        while not too_large:
            chunk = next(body, None)
            if chunk is None:
                return
            size += len(chunk)
            too_large = size > most
            yield chunk
        raise ResponseTooLarge(
            f"{self.target} answered with more than {most_mb} MB.",
            "Raise the largest response under Options, ask for less, or take it as a file.",
        )

    def content(self, most_mb: int = MOST_TEXT_MB, show: Callable[[str], None] | None = None) -> bytes:
        """Return the whole body, at most `MOST_TEXT_MB`. Raises as `chunks` does.

        Args:
            most_mb: how large it may be.
            show: is shown its text while it arrives.
        """
        chunks = self.chunks(min(most_mb, MOST_TEXT_MB))
        return b"".join(chunks if show is None else self._shown(chunks, show))

    def text(self, content: bytes) -> str:
        """Return a body as text. Raises ResponseInvalid for a charset of which nothing is known."""
        try:
            text, note = decoded(content, self.content_type)
        except UnknownCharset as error:
            raise ResponseInvalid(
                f"{self.target} answered in the charset {error}, of which nothing is known.",
                "Choose File as the response, or tell who runs the server.",
                details={"contentType": self.content_type},
            ) from None
        if note:
            self._note(f"of the answer, {note}.")
        return text

    def json(self, content: bytes, *, lines: bool = False) -> Any:
        """Return a body's value, of JSON lines the list of theirs; None or an empty list where it is empty.

        Raises:
            ResponseInvalid: it is not that.
        """
        if not content.strip():
            return [] if lines else None
        try:
            # JSON is UTF-8 (RFC 8259, section 8.1): what is not and declares nothing is no text that one could guess.
            declared = charset_of(self.content_type) or has_mark(content)
            text = self.text(content) if declared else content.decode(json.detect_encoding(content))
            return read_lines(text, self._note) if lines else read_json(text, self._note)
        except (ValueError, RecursionError) as error:
            kind = self.media_type or "no content type"
            shown = content[: SHOWN * 4].decode("utf-8", "replace").strip()[:SHOWN]
            raise ResponseInvalid(
                f"{self.target} did not answer with {'JSON lines' if lines else 'JSON'} ({kind}; {error}): {shown}",
                "Check the URL, or choose Text or File as the response.",
                details={"contentType": self.media_type, "status": self.response.status, "body": shown},
            ) from None

    def file(self, most_mb: int, store_file: StoreFile) -> tuple[dict[str, Any], BinaryRef]:
        """Store the body as a file, never whole in memory. Raises as `chunks` does, and StorageUnavailable.

        Returns:
            `{fileName, mimeType, size}` and the reference.
        """
        digest, size = hashlib.sha256(), 0
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
            for chunk in self.chunks(most_mb):
                file.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            file.seek(0)
            mime_type = self.media_type or "application/octet-stream"
            name = file_name(header(self.response, "content-disposition"), self.target.path)
            stored: IO[bytes] = file
            ref = store_file(stored, size=size, sha256=digest.hexdigest(), mime_type=mime_type, file_name=name)
        return {"fileName": name, "mimeType": mime_type, "size": size}, ref

    def refusal(self) -> NodeError:
        """Return the error of an answer with status 400 and above, in the server's own words."""
        words = b""
        with suppress(NodeError):  # what has come until then still tells something
            for chunk in self._unpacked():
                words += chunk
                if len(words) >= SHOWN * 4:
                    break
        return self.refusal_of(words)

    def refusal_of(self, content: bytes) -> NodeError:
        """Return the error of an answer with status 400 and above whose body was read."""
        text = ""
        with suppress(UnknownCharset):
            text = words_of(decoded(content[: SHOWN * 4], self.content_type).text)
        response = self.response
        return refused(response.status, response.reason or "", self.target, text, header(response, "retry-after"))

    def _unpacked(self) -> Iterator[bytes]:
        """Yield the body, unpacked; what can go wrong meanwhile becomes a named error."""
        try:
            yield from unpacked(self._arriving(), codings_of(header(self.response, "content-encoding")))
        except (ReadTimeoutError, TimeoutError):
            raise timed_out(self.target) from None
        except CannotUnpack as error:
            raise ResponseInvalid(
                f"The answer of {self.target} cannot be read: {error}.",
                "Set the header Accept-Encoding to identity, or tell who runs the server.",
                details={"contentEncoding": header(self.response, "content-encoding")},
            ) from None
        except (HTTPError, OSError) as error:
            raise broken(error, self.target) from None

    def _arriving(self) -> Iterator[bytes]:
        meter = current_meter()
        while chunk := self.response.read1(_CHUNK, decode_content=False):
            if time.monotonic() > self.deadline:
                raise timed_out(self.target)
            meter.received(len(chunk))
            yield chunk

    def _shown(self, chunks: Iterator[bytes], show: Callable[[str], None]) -> Iterator[bytes]:
        decoder = getincrementaldecoder(codec_of(charset_of(self.content_type) or "utf-8") or "utf-8")("replace")
        for chunk in chunks:
            show(decoder.decode(chunk))
            yield chunk

    def _note(self, words: str) -> None:
        self.warn(f"{self.target}: {words}")
