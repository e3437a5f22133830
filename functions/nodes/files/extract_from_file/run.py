"""Makes items of the items' files."""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import islice
from typing import Any, Final

from functions.nodes.files.extract_from_file.detecting import format_of
from functions.nodes.files.extract_from_file.source import Source
from functions.nodes.files.extract_from_file.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.item_files import file_of

Read = Callable[[Source], Iterator[dict[str, Any]]]

_READERS: Final = {
    "csv": "delimited",
    "json": "json_data",
    "jsonLines": "json_data",
    "xlsx": "workbooks",
    "xls": "old_workbooks",
    "ods": "opendocument",
    "html": "html_tables",
    "xml": "xml_data",
    "pdf": "pdf_text",
    "docx": "word",
    "ics": "calendars",
    "text": "plain",
    "base64": "plain",
}
"""The module that reads a format: imported when it is needed, for some of their libraries take long."""


def run(step: Step[Params]) -> dict[str, Iterable[Item]]:
    """Return an item for each row, record or document."""

    def rows(entry: Entry[Params]) -> Iterator[Item]:
        params = entry.params
        file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
        source = Source(file, params, format_of(file) if params.format == "auto" else params.format, step.log)
        read: Read = import_module(f"{__package__}.{_READERS[source.format]}").read
        found = read(source)
        return (item(fields) for fields in (islice(found, params.max_rows) if params.max_rows else found))

    return step.each_streamed(rows)
