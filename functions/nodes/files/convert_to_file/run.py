"""Makes files of items."""

import mimetypes
from collections.abc import Iterable, Iterator
from importlib import import_module
from typing import Any, Final

from functions.nodes.files.convert_to_file.spec import Params
from functions.nodes.files.convert_to_file.target import Given, Target
from stepweave.model.items import Item, item
from stepweave.model.lineage import one_of
from stepweave.runtime import Entry, Step

_ENDS: Final = {
    "csv": (".csv", "text/csv"),
    "json": (".json", "application/json"),
    "jsonLines": (".jsonl", "application/x-ndjson"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "ods": (".ods", "application/vnd.oasis.opendocument.spreadsheet"),
    "html": (".html", "text/html"),
    "xml": (".xml", "application/xml"),
    "ics": (".ics", "text/calendar"),
    "text": (".txt", "text/plain"),
    "base64": (".bin", "application/octet-stream"),
}
_WRITERS: Final = {
    "csv": "delimited",
    "json": "json_data",
    "jsonLines": "json_data",
    "xlsx": "workbooks",
    "ods": "opendocument",
    "html": "html_tables",
    "xml": "xml_data",
    "ics": "calendars",
    "text": "contents",
    "base64": "contents",
}
"""The module that writes a format."""


def run(step: Step[Params]) -> dict[str, Iterable[Item]]:
    """Return the files: one item for all, or one for each."""
    if step.constant("files") == "each":

        def work(entry: Entry[Params]) -> list[Item]:
            given = (entry.json, entry.params.content)
            fields, files = _written(step, entry.params, lambda: iter([given]))
            return [item({**entry.json, **fields}, {**entry.item.get("binary", {}), **files})]

        return {**step.each(work)}
    sources = step.items()
    if not sources:
        return {"main": []}
    fields, files = _written(step, step.params(0), lambda: _all(step))
    made: Item = item(fields, files)
    if any("origin" in source for source in sources):
        made["origin"] = one_of(sources)
    return {"main": [made]}


def _written(step: Step[Params], params: Params, given: Given) -> Any:
    """Return the fields that tell of a file, and the file by its name."""
    end, mime_type = _ENDS[params.format]
    name = " ".join(params.file_name.replace("/", "_").replace("\\", "_").split()) or f"file{end}"
    if params.format in ("text", "base64"):
        mime_type = params.mime_type or mimetypes.guess_type(name)[0] or mime_type
    charset = ""
    if mime_type.startswith("text/") and "charset" not in mime_type:
        charset = f"; charset={params.encoding if params.format in ('csv', 'text') else 'utf-8'}"
    with step.new_file(mime_type + charset) as file:
        target = Target(params, file.write)
        rows = import_module(f"{__package__}.{_WRITERS[params.format]}").write(target, given)
        ref = file.file(name)
    return {"fileName": name, "size": ref["size"], "rows": rows}, {params.output_file: ref}


def _all(step: Step[Params]) -> Iterator[tuple[dict[str, Any], Any]]:
    """Yield the items with what they give as content; of formats that take the items themselves, that is nothing."""
    takes_content = step.constant("format") in ("text", "base64")
    if takes_content:  # expressions are evaluated for items that are there
        for index, source in enumerate(step.items()):
            yield source["json"], step.params(index).content
        return
    total = sum(batch["count"] for batch in step.control.batches())
    for number, source in enumerate(step.stream(), 1):
        yield source["json"], None
        if number % 1000 == 0:
            step.progress(number, total)
