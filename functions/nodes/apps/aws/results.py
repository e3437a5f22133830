"""An operation's answer as an item: times as ISO texts, bytes as Base64, streams as files."""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import Any, Final

from stepweave.model.items import BinaryRef
from stepweave.runtime import Step
from stepweave.runtime.errors import DataTooLarge

MOST_FILE_MB: Final = 5000
_IN_MEMORY: Final = 8 * 1024 * 1024
_MOST_EVENTS: Final = 10_000
_CHUNK: Final = 64 * 1024


def plain(value: Any) -> Any:
    """Return an answer, or a part of it, as JSON data."""
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, bytes | bytearray):
        return base64.b64encode(bytes(value)).decode()
    if isinstance(value, datetime):
        return time_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return exact(value)
    return value


def time_text(at: datetime) -> str:
    """Return a time as ISO text in UTC, with milliseconds."""
    whole = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return whole.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exact(number: Decimal) -> int | float | str:
    """Return a number as JSON keeps it: as text where a JSON number would lose digits."""
    if number == number.to_integral_value() and abs(number) <= 2**53:
        return int(number)
    as_float = float(number)
    if Decimal(repr(as_float)) == number:
        return as_float
    return format(number, "f") if -20 < number.adjusted() < 40 else str(number)


def whole(step: Step[Any], answer: dict[str, Any], file_name: str = "") -> tuple[dict[str, Any], dict[str, BinaryRef]]:
    """Return an answer as JSON data, and the files of its streams by their names.

    A stream of bytes becomes the file `data`; one of events is read to its end, within limits.

    Raises:
        DataTooLarge: a stream is larger than a file may be.
        StorageUnavailable: a file could not be stored.
    """
    from botocore.eventstream import EventStream

    made: dict[str, Any] = {}
    files: dict[str, BinaryRef] = {}
    for name, value in answer.items():
        if isinstance(value, EventStream):
            made[name] = list(_events(value))
        elif hasattr(value, "iter_chunks"):
            mime_type = str(answer.get("ContentType") or answer.get("contentType") or "application/octet-stream")
            made[name], files["data"] = stored(step, value.iter_chunks(_CHUNK), mime_type, file_name)
        else:
            made[name] = plain(value)
    return made, files


def stored(
    step: Step[Any], chunks: Iterable[bytes], mime_type: str, file_name: str
) -> tuple[dict[str, Any], BinaryRef]:
    """Store a stream as a file, never whole in memory. Return what is said of it, and the reference.

    Raises:
        DataTooLarge: it has more than `MOST_FILE_MB`.
        StorageUnavailable: it could not be stored.
    """
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        for chunk in chunks:
            size += len(chunk)
            if size > MOST_FILE_MB * 1024 * 1024:
                raise DataTooLarge(f"What comes has more than {MOST_FILE_MB} MB.", "Ask for a range of it.")
            file.write(chunk)
            digest.update(chunk)
        file.seek(0)
        ref = step.store_file(file, size=size, sha256=digest.hexdigest(), mime_type=mime_type, file_name=file_name)
    return {"fileName": file_name, "mimeType": mime_type, "size": size}, ref


def _events(stream: Any) -> Iterator[Any]:
    for count, event in enumerate(stream, 1):
        if count > _MOST_EVENTS:
            stream.close()
            raise DataTooLarge(f"The stream has more than {_MOST_EVENTS} events.", "Ask for less.")
        yield plain(event)
