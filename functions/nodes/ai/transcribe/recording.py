"""The recording of an item, named so that providers know what it is: they go by the end of its name."""

import mimetypes
from pathlib import PurePosixPath
from typing import Any, Final

from stepweave.model.items import Item
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.item_files import OpenFile, file_of
from stepweave.runtime.placing import invalid

MOST_BYTES: Final = 25 * 1024 * 1024
"""What OpenAI takes (Speech to text, "File uploads")."""
_KNOWN: Final = frozenset({".flac", ".m4a", ".mp3", ".mp4", ".mpeg", ".mpga", ".oga", ".ogg", ".wav", ".webm"})
_ENDS: Final = {
    # Voice messages come under names and types that providers do not know, with what they do know in them.
    "audio/opus": ".ogg",
    "audio/x-opus+ogg": ".ogg",
    "application/ogg": ".ogg",
    "audio/aac": ".m4a",
    "audio/x-m4a": ".m4a",
    "audio/mp4": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
    "audio/ogg": ".ogg",
    "audio/wav": ".wav",
    "audio/x-wav": ".wav",
    "audio/wave": ".wav",
    "audio/webm": ".webm",
    "audio/flac": ".flac",
    "audio/x-flac": ".flac",
}
_TYPES: Final = {
    # Some providers go by the type instead, and voice messages come as application/octet-stream.
    ".flac": "audio/flac",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".webm": "audio/webm",
}


def recording_of(value: Any, item: Item, open_file: OpenFile) -> tuple[str, bytes, str]:
    """Return a recording's name, bytes and type.

    Args:
        value: the name of one of the item's files, or a reference.
        item: the input item.
        open_file: opens a reference.

    Raises:
        ParameterInvalid: there is no such file, or it is empty.
        DataTooLarge: it has more than `MOST_BYTES`.
        DataMissing: it is gone.
    """
    stored = file_of(value, item, open_file, "Recording", "params.file")
    if not stored.size:
        raise invalid("file", "Recording: the file is empty.", "Send a file with sound in it.")
    if stored.size > MOST_BYTES:
        raise DataTooLarge(
            f"Recording: the file has {stored.size / 1024**2:.0f} MB; {MOST_BYTES // 1024**2} MB may be sent.",
            "Cut it, or compress it: MP3 of 64 kbit/s has an hour in 28 MB.",
            details={"field": "params.file"},
        )
    kind = stored.mime_type.partition(";")[0].strip().lower()
    name = name_of(stored.name, kind)
    return (
        name,
        b"".join(stored.chunks()),
        _TYPES.get(PurePosixPath(name).suffix.lower(), kind) or "application/octet-stream",
    )


def name_of(name: str, mime_type: str) -> str:
    """Return a name whose end says what a file is: its own where providers know it, else that of its type."""
    path = PurePosixPath(name or "recording")
    if path.suffix.lower() in _KNOWN - {".oga"}:
        return path.name
    guessed = _ENDS.get(mime_type) or mimetypes.guess_extension(mime_type) or ""
    if path.suffix.lower() in (".oga", ".opus"):
        guessed = ".ogg"
    return f"{path.stem}{guessed}" if guessed in _KNOWN else path.name
