"""A stored file as a stream: read piece by piece, as often as it is needed, and never whole in memory."""

import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from stepweave.model.items import BinaryRef
from stepweave.model.sizes import size_text
from stepweave.runtime.errors import DataMissing, DataTooLarge

if TYPE_CHECKING:
    from stepweave.runtime.claims import Claims

PART_BYTES: Final = 4 * 1024 * 1024
"""What is asked of S3 at a time: few requests for a large file, and little memory for several at once."""
_PIECE: Final = 64 * 1024
_IN_MEMORY: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The file behind an item's `binary` reference.

    Attributes:
        size: in bytes.
        name: as its sender called it; "" where it has none.
        mime_type: as its sender says.
    """

    size: int
    name: str
    mime_type: str
    _ref: BinaryRef
    _tenant_id: str
    _claims: "Claims"

    def chunks(self) -> Iterator[bytes]:
        """Yield the file from its beginning, in small pieces. The last comes only when all of it is what was stored.

        Raises:
            DataMissing: it is gone, was changed, or is not as long as the reference says.
            StorageUnavailable: S3 could not be reached.
        """
        digest, offset, held = hashlib.sha256(), 0, b""
        while offset < self.size:
            length = min(PART_BYTES, self.size - offset)
            part = self._claims.fetch_part(self._ref, self._tenant_id, offset, length)
            if len(part) != length:
                raise _changed()
            digest.update(part)
            offset += length
            for start in range(0, length, _PIECE):
                if held:
                    yield held
                held = part[start : start + _PIECE]
        if digest.hexdigest() != self._ref["sha256"]:
            raise _changed()
        if held:
            yield held

    def reader(self) -> io.BufferedReader:
        """Return the file to be read from its beginning. Raises as `chunks` does, while it is read."""
        return io.BufferedReader(_Pieces(self.chunks()), _PIECE)

    def copied(self, most: int, what: str = "The file") -> IO[bytes]:
        """Return a copy to be read at any place: a small one in memory, others on disk.

        Args:
            most: bytes that it may have.
            what: the file is called in errors.

        Raises:
            DataTooLarge: it has more.
            DataMissing: as `chunks`.
        """
        self.check(most, what)
        copy: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - it is its caller's
        for piece in self.chunks():
            copy.write(piece)
        copy.seek(0)
        return copy

    def check(self, most: int, what: str = "The file") -> None:
        """Refuse a file of more than `most` bytes. Raises DataTooLarge."""
        if self.size > most:
            raise DataTooLarge(f"{what} has {size_text(self.size)}; {size_text(most)} are read.", "Take a smaller one.")


class _Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._held = pieces, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._held:
            self._held = next(self._pieces, b"")
        length = min(len(buffer), len(self._held))
        buffer[:length] = self._held[:length]
        self._held = self._held[length:]
        return length


def stored_file(ref: Any, tenant_id: str, claims: "Claims") -> StoredFile:
    """Return the file that a reference names.

    Args:
        ref: from an item, so anything.
        tenant_id: whose execution asks.
        claims: where files lie.

    Raises:
        DataMissing: it is no reference, or not this workspace's.
    """
    whole = isinstance(ref, Mapping) and isinstance(ref.get("sha256"), str)
    size = ref.get("size") if whole else None
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise DataMissing(
            "What should name a stored file does not.",
            "Use references as nodes gave them out; do not make or change them.",
        )
    claims.check_own(ref, tenant_id)
    name, mime_type = ref.get("fileName"), ref.get("mimeType")
    return StoredFile(
        size,
        name if isinstance(name, str) else "",
        mime_type if isinstance(mime_type, str) else "",
        ref,
        tenant_id,
        claims,
    )


def _changed() -> DataMissing:
    return DataMissing("A stored file was changed after it was written.", "Run the workflow again.")
