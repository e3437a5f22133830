"""Objects that are stored while they are made: a file to write to, of which one part is in memory."""

import contextlib
import hashlib
from collections.abc import Callable
from typing import Final

from stepweave.aws import AwsError
from stepweave.aws.storage import Storage
from stepweave.model.items import BinaryRef, StoredItems

PART_BYTES: Final = 8 * 1024 * 1024
"""S3 takes 10,000 parts of an object, of 5 MB at least (S3 user guide, "Multipart upload limits")."""


class Upload:
    """One object being written. What is not closed is dropped: `with` does either."""

    def __init__(
        self,
        storage: Storage,
        bucket: str,
        key: str,
        mime_type: str,
        failed: Callable[[AwsError], Exception],
    ) -> None:
        self._storage, self._bucket, self._key, self._mime_type = storage, bucket, key, mime_type
        self._failed = failed
        self._held = bytearray()
        self._id = ""
        self._etags: list[str] = []
        self._digest = hashlib.sha256()
        self.size = 0
        self.closed = False

    def __enter__(self) -> "Upload":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self.drop()

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Add bytes. Raises StorageUnavailable."""
        length = len(data)
        self._digest.update(data)
        self.size += length
        self._held += data
        while len(self._held) >= 2 * PART_BYTES or (self._id and len(self._held) >= PART_BYTES):
            self._send(bytes(self._held[:PART_BYTES]))
            del self._held[:PART_BYTES]
        return length

    def flush(self) -> None:
        """Do nothing: parts are sent when they are whole. Libraries that write archives call it."""

    def close(self) -> StoredItems:
        """Store what was written, and return where it lies. Raises StorageUnavailable."""
        self.closed = True
        try:
            if not self._id:
                self._storage.put(self._bucket, self._key, bytes(self._held), content_type=self._mime_type)
            else:
                if self._held:
                    self._send(bytes(self._held))
                self._storage.end_upload(self._bucket, self._key, self._id, self._etags)
        except AwsError as error:
            raise self._failed(error) from error
        self._held.clear()
        return {"bucket": self._bucket, "key": self._key, "size": self.size, "sha256": self._digest.hexdigest()}

    def file(self, name: str = "") -> BinaryRef:
        """Store what was written, and return the reference that an item's `binary` carries. Raises as `close`."""
        stored = self.close()
        ref: BinaryRef = {
            "bucket": stored["bucket"],
            "key": stored["key"],
            "size": stored["size"],
            "sha256": stored["sha256"],
            "mimeType": self._mime_type,
        }
        if name:
            ref["fileName"] = name
        return ref

    def drop(self) -> None:
        """Store nothing."""
        self.closed = True
        self._held.clear()
        if self._id:
            with contextlib.suppress(AwsError):  # the bucket drops what is left after a day
                self._storage.drop_upload(self._bucket, self._key, self._id)

    def _send(self, part: bytes) -> None:
        try:
            if not self._id:
                self._id = self._storage.begin_upload(self._bucket, self._key, self._mime_type)
            number = len(self._etags) + 1
            self._etags.append(self._storage.put_part(self._bucket, self._key, self._id, number, part))
        except AwsError as error:
            raise self._failed(error) from error
