"""Files that a run by hand starts with."""

from typing import Annotated, Final

from pydantic import Base64Bytes, Field, StringConstraints

from api.schemas.base import Schema
from api.schemas.workflows import Binary

MOST_BYTES: Final = 37 * 1024 * 1024 // 10
"""Of a file: in base64 it fits the 5 MB of a request (`api.guard`)."""


class RunFileRequest(Schema):
    """A file for an item of a run."""

    file_name: Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f\x7f/\\]+$")]
    """What it is called, without folders."""
    mime_type: Annotated[str, StringConstraints(max_length=200, pattern=r"^[\w.+-]+/[\w.+-]+(;[ -~]*)?$")] = (
        "application/octet-stream"
    )
    """What it is."""
    content: Annotated[Base64Bytes, Field(max_length=MOST_BYTES)]
    """Its bytes in base64."""


class RunFileResponse(Schema):
    """A file that is stored."""

    binary: Binary
    """What stands for it in an item's `binary`."""
