"""Files of items as AWS takes them: whole up to a limit, or in parts."""

from collections.abc import Iterator
from typing import Any, Final

from stepweave.model.items import Item
from stepweave.model.sizes import size_text
from stepweave.runtime import Step
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import file_of

MOST_WHOLE: Final = 50 * 1024 * 1024


def content_of(step: Step[Any], item: Item, name: Any, field: str, most: int = MOST_WHOLE) -> bytes:
    """Return the bytes of an item's file.

    Args:
        step: of the node.
        item: the input item.
        name: of the file, or a reference.
        field: the node's parameter that names it.
        most: how many bytes it may have.

    Raises:
        ParameterInvalid: the item has no such file.
        DataTooLarge: it is larger.
        DataMissing: it is gone.
        StorageUnavailable: it could not be read.
    """
    file = file_of(name, item, step.open_file, "File", field)
    if file.size > most:
        words = f"The file has {size_text(file.size)}; {size_text(most)} can be sent in one call."
        raise DataTooLarge(words, "Send a smaller file.", details={"field": field})
    return b"".join(file.chunks())


def parts_of(file: StoredFile, size: int) -> Iterator[bytes]:
    """Yield a file in parts of a size; the last may be smaller."""
    held = bytearray()
    for chunk in file.chunks():
        held += chunk
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)
