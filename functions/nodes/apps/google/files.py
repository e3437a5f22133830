"""Files of Google Drive: found by what is asked for, made once however often it is tried, sent piece by piece."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions.nodes.apps.google.drive import CHANGE, COPY, CREATE, GET, LIST, PAGES, REPLACE, UPLOAD
from stepweave.runtime.errors import ParameterInvalid
from stepweave.spec.operation_files import SentFile
from stepweave.spec.operations import Call, RequestSpec

FOLDER: Final = "application/vnd.google-apps.folder"
SHORTCUT: Final = "application/vnd.google-apps.shortcut"
TYPES: Final = {
    name: f"application/vnd.google-apps.{name}" for name in ("document", "spreadsheet", "presentation", "drawing")
}
MADE_BY: Final = "stepweave"
"""The property of a file (private to the client) that says which item of which execution made it."""
_ID: Final = re.compile(r"(?:/d/|/folders/|[?&]id=)([A-Za-z0-9_-]+)")


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text that is sent as a file (`SentFile`)."""

    content: bytes
    mime_type: str
    name: str = ""

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)

    def chunks(self) -> Iterator[bytes]:
        """Yield it."""
        yield self.content


def file_id(text: str, field: str) -> str:
    """Return the ID of a file or folder, of itself or of its address. Raises ParameterInvalid where it is neither."""
    found = _ID.search(text)
    id = found[1] if found else text.strip()
    if not re.fullmatch(r"[A-Za-z0-9_-]+", id):
        raise ParameterInvalid(
            f"“{text[:80]}” is neither the ID nor the address of a file of Google Drive.",
            "Choose one, or paste its address from the browser.",
            details={"field": f"params.{field}"},
        )
    return id


def quoted(text: str) -> str:
    """Return a text as a search has it, whatever is in it (Drive API, "Search for files": escape ' and \\)."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def found(call: Call, q: str) -> dict[str, Any] | None:
    """Return the first file that a search finds; None where there is none."""
    return next(iter(call.pages(LIST, PAGES, "files", q=q, limit=1, returnAll=False)), None)


def made(call: Call, request: RequestSpec, metadata: Mapping[str, Any], **more: Any) -> Any:
    """Return the file that a request makes; one that an attempt before has made is found again, and not made twice."""
    return _once(call) or call.ask(request, metadata=_marked(call, metadata), **more)


def uploaded(call: Call, file: SentFile, name: str, metadata: Mapping[str, Any], replaced: str = "") -> Any:
    """Send a file, piece by piece, and return what Drive says of it.

    Args:
        call: of the operation.
        file: which is sent.
        name: the parameter's that names it, for errors.
        metadata: of the new file.
        replaced: the ID of a file that gets this content; "" for a new one.
    """
    there = None if replaced else _once(call)
    if there is not None:
        return there
    values = {"contentType": file.mime_type or "application/octet-stream", "size": str(file.size)}
    if replaced:
        session = call.located(REPLACE, file=replaced, metadata=dict(metadata), **values)
    else:
        session = call.located(UPLOAD, metadata=_marked(call, metadata), **values)
    return json.loads(call.transfer(session, name, "PUT", file))


def moved(call: Call, file: str, folder: str) -> Any:
    """Put a file into a folder, and out of those that it is in."""
    before = call.ask(GET, file=file).get("parents", [])
    gone = ",".join(one for one in before if one != folder)
    added = "" if folder in before else folder
    return call.ask(CHANGE, file=file, metadata={}, added=added, removed=gone)


def in_folder(folder: str) -> dict[str, Any]:
    """Return what a new file's metadata says of its folder; "" is My Drive."""
    return {"parents": [file_id(folder, "folder")]} if folder.strip() else {}


def copied(call: Call, file: str, name: str, folder: str) -> Any:
    """Copy a file."""
    metadata = {**({"name": name} if name else {}), **in_folder(folder)}
    return made(call, COPY, metadata, file=file)


def folder_made(call: Call, name: str, folder: str) -> Any:
    """Make a folder."""
    return made(call, CREATE, {"name": name, "mimeType": FOLDER, **in_folder(folder)})


def _mark(call: Call) -> str:
    return hashlib.sha256(call.idempotency_key.encode()).hexdigest()[:40]


def _marked(call: Call, metadata: Mapping[str, Any]) -> dict[str, Any]:
    return {**metadata, "appProperties": {MADE_BY: _mark(call)}}


def _once(call: Call) -> dict[str, Any] | None:
    """Return what an attempt before has made; nothing is looked for in the first one."""
    if call.attempt == 1:
        return None
    return found(call, f"appProperties has {{ key='{MADE_BY}' and value='{_mark(call)}' }} and trashed = false")
