"""Items with files, stored where a bench's steps read them."""

import hashlib
import io

from stepweave.model.items import BinaryRef, Item
from tests.fakes.steps import TENANT, Bench


def stored(node: Bench, content: bytes, name: str = "", mime_type: str = "", key: str = "f") -> BinaryRef:
    """Return the reference to a stored file."""
    return node.outside.claims.store_file(
        f"{TENANT}/{key}",
        io.BytesIO(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        mime_type=mime_type,
        file_name=name,
    )


def with_file(node: Bench, content: bytes, name: str = "", mime_type: str = "", file: str = "data") -> list[Item]:
    """Return one item that has one file."""
    return [{"json": {"id": 7}, "binary": {file: stored(node, content, name, mime_type)}}]


def content_of(node: Bench, ref: BinaryRef) -> bytes:
    """Return a stored file's bytes."""
    return node.outside.storage.objects[ref["bucket"], ref["key"]]
