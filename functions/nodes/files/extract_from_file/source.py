"""A file to be read, with how."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any, Final

from functions.nodes.files.extract_from_file.spec import Params
from stepweave.runtime.charsets import charset_of, codec_of, declared_within
from stepweave.runtime.file_errors import FileInvalid
from stepweave.runtime.files import StoredFile
from stepweave.runtime.markup import FileNotText

MOST_TEXT_BYTES: Final = 20 * 1024**2
MOST_WORKBOOK_BYTES: Final = 100 * 1024**2
_HEAD: Final = 64 * 1024
_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Source:
    """A file, its format and the parameters."""

    file: StoredFile
    params: Params
    format: str
    log: Callable[..., None]

    def lines(self) -> io.TextIOWrapper:
        """Return the file as text to be read line by line; line breaks stay as they are.

        Raises:
            FileNotText: nobody knows the encoding.
        """
        reader = self.file.reader()
        codec = self._codec(reader.peek(_HEAD)[:_HEAD])
        return io.TextIOWrapper(reader, codec, errors="strict", newline="")

    def text(self, most: int = MOST_TEXT_BYTES) -> str:
        """Return the file's text. Raises FileNotText, DataTooLarge."""
        self.file.check(most)
        try:
            return self.lines().read()
        except UnicodeDecodeError as error:
            raise self.wrong_byte(error) from None

    def copied(self, most: int = MOST_WORKBOOK_BYTES) -> IO[bytes]:
        """Return a copy to be read at any place. Raises DataTooLarge."""
        return self.file.copied(most)

    def invalid(self, what: str, words: str, **details: Any) -> FileInvalid:
        """Return the error of a file that is not `what` it should be."""
        return FileInvalid(
            f"The file is no {what}: {words}.",
            "Choose the format that it has, or send a whole file.",
            details={"field": "params.file", **details},
        )

    def wrong_byte(self, error: UnicodeDecodeError) -> FileNotText:
        """Return the error of bytes that the encoding does not have."""
        byte = error.object[error.start : error.start + 1].hex()
        return FileNotText(
            f"The file has a byte (0x{byte}) that {error.encoding} does not have.",
            "Choose its encoding in the options: windows-1252 is what Excel writes in Western Europe.",
            details={"field": "params.encoding"},
        )

    def _codec(self, head: bytes) -> str:
        for mark, codec in _MARKS:
            if head.startswith(mark):
                return codec
        label = self.params.encoding or charset_of(self.file.mime_type)
        label = label or declared_within(head, "text/html" if self.format == "html" else "")
        if label:
            known = codec_of(label)
            if known is None:
                raise FileNotText(
                    f"Nothing is known of the encoding {label[:40]}.",
                    "Write one such as utf-8, windows-1252 or shift_jis.",
                    details={"field": "params.encoding"},
                )
            return known
        return self._guessed(head)

    def _guessed(self, head: bytes) -> str:
        for codec, zeros in (("utf-16-le", head[1:64:2]), ("utf-16-be", head[0:64:2])):
            if len(zeros) > 1 and zeros.count(0) > 0.7 * len(zeros):
                return codec
        try:
            head.decode()
        except UnicodeDecodeError as error:
            if error.start < len(head) - 4 or self.file.size <= len(head):
                self.log("warning", "The file declares no encoding and is not UTF-8; it was read as windows-1252.")
                return "cp1252"
        return "utf-8"
