"""Objects in parts: files that are put, and copies of what is too large for one call."""

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, Final

from functions.nodes.apps.aws.files import parts_of
from functions.nodes.apps.aws.service import Service
from stepweave.runtime.errors import NodeError
from stepweave.runtime.files import StoredFile

ONE_CALL: Final = 16 * 1024 * 1024
"""Files up to this are put in one call."""
PART: Final = 8 * 1024 * 1024
MOST_PARTS: Final = 10_000
MOST_COPY: Final = 5 * 1024**3
"""What S3 copies in one call (S3, "CopyObject")."""
COPY_PART: Final = 1024**3


def put_file(s3: Service, file: StoredFile, about: str, request: dict[str, Any]) -> dict[str, Any]:
    """Put a file, in parts where it is large. Return S3's answer.

    Args:
        s3: the service.
        file: the file.
        about: what it becomes, for errors.
        request: of the object: `Bucket`, `Key`, `ContentType`, ...

    Raises:
        NodeError: what `specs.ERRORS` names, or the file could not be read.
    """
    if file.size <= ONE_CALL:
        return s3.call("PutObject", about, field="params.key", Body=b"".join(file.chunks()), **request)
    size = max(PART, math.ceil(file.size / MOST_PARTS))

    def sent(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for number, content in enumerate(parts_of(file, size), 1):
            answer = s3.call("UploadPart", about, PartNumber=number, Body=content, **part)
            yield {"PartNumber": number, "ETag": answer["ETag"]}

    return _in_parts(s3, about, request, sent)


def copy(s3: Service, source: dict[str, Any], size: int, about: str, request: dict[str, Any]) -> dict[str, Any]:
    """Copy an object within S3. Return S3's answer.

    Args:
        s3: the service.
        source: `Bucket`, `Key` and perhaps `VersionId` of the object.
        size: in bytes.
        about: what it becomes, for errors.
        request: of the new object.

    Raises:
        NodeError: what `specs.ERRORS` names.
    """
    if size <= MOST_COPY:
        answer = s3.call("CopyObject", about, field="params.key", CopySource=source, **request)
        return {**answer.get("CopyObjectResult", {}), "VersionId": answer.get("VersionId")}
    told = s3.call("HeadObject", about, field="params.key", **source)
    kept = {name: told.get(name) for name in ("ContentType", "ContentEncoding", "CacheControl", "Metadata")}

    def copied(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for number, start in enumerate(range(0, size, COPY_PART), 1):
            span = f"bytes={start}-{min(start + COPY_PART, size) - 1}"
            answer = s3.call(
                "UploadPartCopy", about, PartNumber=number, CopySource=source, CopySourceRange=span, **part
            )
            yield {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}

    return _in_parts(s3, about, {**kept, **request}, copied)


def _in_parts(
    s3: Service, about: str, request: dict[str, Any], send: Callable[[dict[str, Any]], Iterator[dict[str, Any]]]
) -> dict[str, Any]:
    """Make an object of parts. Where that fails, what was sent is taken away: nobody sees it, and it costs."""
    condition = {"IfNoneMatch": request.pop("IfNoneMatch", None)}
    upload = s3.call("CreateMultipartUpload", about, field="params.key", **request)["UploadId"]
    part = {"Bucket": request["Bucket"], "Key": request["Key"], "UploadId": upload}
    try:
        parts = {"Parts": list(send(part))}
        return s3.call("CompleteMultipartUpload", about, MultipartUpload=parts, **part, **condition)
    except BaseException:
        with suppress(NodeError):  # the first failure says more
            s3.call("AbortMultipartUpload", about, **part)
        raise
