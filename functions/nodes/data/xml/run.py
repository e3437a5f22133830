"""Makes JSON of XML, or XML of JSON, for each item."""

import json
from typing import Any

from functions.nodes.data.xml.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge
from stepweave.runtime.item_files import file_of
from stepweave.runtime.markup import MOST_BYTES, text_of
from stepweave.runtime.placing import placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, with the result in a field."""

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        if params.operation == "toJson":
            from functions.nodes.data.xml.reading import parsed

            value = parsed(_source(step, entry), params, "file" if params.source == "file" else "xml")
        else:
            from functions.nodes.data.xml.writing import written

            value = written(_data(entry), params)
        return [placed(entry.item, params.output_field, value, keep=params.keep_other_fields)]

    return step.each(work)


def _source(step: Step[Params], entry: Entry[Params]) -> str:
    params = entry.params
    if params.source == "file":
        file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
        return text_of(file, "application/xml")
    if len(params.xml) > MOST_BYTES:
        raise DataTooLarge(
            f"The text has {len(params.xml):,} characters; {MOST_BYTES:,} are read.", "Take a part of it."
        )
    return params.xml


def _data(entry: Entry[Params]) -> Any:
    data = entry.params.data
    if isinstance(data, str) and data.strip()[:1] in ("{", "["):
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return data
    return entry.json if data in (None, "") else data
