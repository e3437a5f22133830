"""S3 as a dictionary, for steps that run in this process."""

import hashlib
from collections.abc import Sequence
from typing import IO

from stepweave.aws.errors import AwsError
from stepweave.aws.storage import Storage


class MemoryStorage(Storage):
    """Objects by bucket and key, gone with the process."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.uploads: dict[str, list[bytes]] = {}

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/json") -> str:
        """Store `body` and return its SHA-256 in hex."""
        self.objects[bucket, key] = body
        return hashlib.sha256(body).hexdigest()

    def put_file(self, bucket: str, key: str, file: IO[bytes], *, size: int, sha256: str, content_type: str) -> None:
        """Store `size` bytes of `file` from where it stands."""
        self.objects[bucket, key] = file.read(size)

    def begin_upload(self, bucket: str, key: str, content_type: str) -> str:
        """Begin an object that comes in parts, and return its upload's id."""
        self.uploads[key] = []
        return key

    def put_part(self, bucket: str, key: str, upload_id: str, number: int, part: bytes) -> str:
        """Keep a part, and return its tag."""
        self.uploads[upload_id].append(part)
        return str(number)

    def end_upload(self, bucket: str, key: str, upload_id: str, etags: Sequence[str]) -> None:
        """Make the object of its parts."""
        self.objects[bucket, key] = b"".join(self.uploads.pop(upload_id))

    def drop_upload(self, bucket: str, key: str, upload_id: str) -> None:
        """Drop the parts."""
        self.uploads.pop(upload_id, None)

    def get_file(self, bucket: str, key: str, file: IO[bytes], part: tuple[int, int] | None = None) -> None:
        """Write an object's bytes, or those of a part of it, to `file`.

        Raises:
            AwsError: `NoSuchKey`.
        """
        if (bucket, key) not in self.objects:
            raise AwsError("NoSuchKey", f"{key} is not there", status=404)
        content = self.objects[bucket, key]
        file.write(content if part is None else content[part[0] : part[0] + part[1]])
