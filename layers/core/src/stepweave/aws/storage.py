"""S3: put and get whole objects, in memory or through a file."""

import hashlib
import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import IO
from urllib.parse import quote, urlsplit

from stepweave.aws.errors import AwsError
from stepweave.aws.signing import signed_query
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

    def begin_upload(self, bucket: str, key: str, content_type: str) -> str:
        """Begin an object that comes in parts (S3's multipart upload), and return the upload's id. Raises AwsError."""
        path, host = self._address(bucket, key)
        reply = self._transport.send("s3", "POST", f"{path}?uploads=", {"content-type": content_type}, host=host)
        found = re.search(rb"<UploadId>([^<]+)</UploadId>", reply.body)
        if found is None:
            raise AwsError("AnswerInvalid", "S3 gave no id for an upload.")
        return found[1].decode()

    def put_part(self, bucket: str, key: str, upload_id: str, number: int, part: bytes) -> str:
        """Store a part (from 1; all but the last have 5 MB at least), and return its ETag. Raises AwsError."""
        path, host = self._address(bucket, key)
        path = f"{path}?partNumber={number}&uploadId={quote(upload_id, safe='-_.~')}"
        headers = {"content-length": str(len(part))}
        return self._transport.send("s3", "PUT", path, headers, part, host=host, timeout=60.0).headers.get("etag", "")

    def end_upload(self, bucket: str, key: str, upload_id: str, etags: Sequence[str]) -> None:
        """Make the object of all its parts. Raises AwsError."""
        path, host = self._address(bucket, key)
        quoted = enumerate((etag.replace('"', "&quot;") for etag in etags), 1)
        parts = "".join(f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>" for number, etag in quoted)
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        path, headers = f"{path}?uploadId={quote(upload_id, safe='-_.~')}", {"content-type": "application/xml"}
        reply = self._transport.send("s3", "POST", path, headers, body, host=host, timeout=120.0)
        if b"<Error>" in reply.body:  # S3 begins to answer 200 before it knows
            raise AwsError.of(500, {}, reply.body)

    def drop_upload(self, bucket: str, key: str, upload_id: str) -> None:
        """Drop the parts of an upload that is not to end. Raises AwsError."""
        path, host = self._address(bucket, key)
        self._transport.send("s3", "DELETE", f"{path}?uploadId={quote(upload_id, safe='-_.~')}", {}, host=host)

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

    def link(self, bucket: str, key: str, *, name: str, content_type: str, seconds: int) -> str:
        """Return a URL by which anybody gets an object for a while, as a file to be saved. Nothing is asked of S3.

        Args:
            bucket: where it is.
            key: the object's name.
            name: of the file.
            content_type: its media type.
            seconds: how long.
        """
        config = self._transport.config
        path, host = self._address(bucket, key)
        origin = config.endpoint or f"https://{host}"
        attachment = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        query = signed_query(
            urlsplit(origin).netloc,
            path,
            {"response-content-disposition": attachment, "response-content-type": content_type},
            credentials=config.credentials,
            region=config.region,
            now=datetime.now(UTC),
            seconds=seconds,
        )
        return f"{origin}{path}?{query}"

    def _address(self, bucket: str, key: str) -> tuple[str, str]:
        name = quote(key, safe="/-_.~")
        if self._transport.config.endpoint:  # emulators have no host per bucket
            return f"/{bucket}/{name}", ""
        return f"/{name}", f"{bucket}.s3.{self._transport.config.region}.amazonaws.com"
