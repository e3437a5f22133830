"""S3: put and get whole objects, in memory or through a file."""

import hashlib
import io
from typing import IO
from urllib.parse import quote

from stepweave.aws.transport import Transport


class Storage:
    """Objects by bucket and key."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def put(self, bucket: str, key: str, body: bytes, *, content_type: str = "application/json") -> str:
        """Store `body` and return its SHA-256 in hex.

        Raises:
            AwsError: the bucket is not there, refuses, or cannot be reached.
        """
        digest = hashlib.sha256(body).hexdigest()
        path, host = self._address(bucket, key)
        headers = {"content-type": content_type, "content-length": str(len(body))}
        self._transport.send("s3", "PUT", path, headers, body, host=host, body_sha256=digest, timeout=30.0)
        return digest

    def put_file(self, bucket: str, key: str, file: IO[bytes], *, size: int, sha256: str, content_type: str) -> None:
        """Store what `file` holds from where it stands, without reading it into memory.

        Args:
            bucket: where to.
            key: the object's name.
            file: seekable, so that a broken upload can start again.
            size: bytes that follow in the file.
            sha256: hex digest of those bytes.
            content_type: its media type.

        Raises:
            AwsError: as in `put`.
        """
        path, host = self._address(bucket, key)
        headers = {"content-type": content_type, "content-length": str(size)}
        self._transport.send("s3", "PUT", path, headers, file, host=host, body_sha256=sha256, timeout=120.0)

    def get(self, bucket: str, key: str, part: tuple[int, int] | None = None) -> bytes:
        """Return an object's bytes, or those of a `part` (offset and length) of it.

        Raises:
            AwsError: `NoSuchKey` where it is not there, or as in `put`.
        """
        buffer = io.BytesIO()
        self.get_file(bucket, key, buffer, part)
        return buffer.getvalue()

    def get_file(self, bucket: str, key: str, file: IO[bytes], part: tuple[int, int] | None = None) -> None:
        """Write an object's bytes, or those of a part of it, to an empty `file`, piece by piece.

        Raises:
            AwsError: as in `get`.
        """
        path, host = self._address(bucket, key)
        headers = {} if part is None else {"range": f"bytes={part[0]}-{part[0] + part[1] - 1}"}
        self._transport.send("s3", "GET", path, headers, host=host, timeout=30.0, into=file)

    def _address(self, bucket: str, key: str) -> tuple[str, str]:
        name = quote(key, safe="/-_.~")
        if self._transport.config.endpoint:  # emulators have no host per bucket
            return f"/{bucket}/{name}", ""
        return f"/{name}", f"{bucket}.s3.{self._transport.config.region}.amazonaws.com"
