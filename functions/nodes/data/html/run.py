"""Takes content out of HTML, or makes HTML, for each item."""

import json
import re
from html import escape
from typing import Any

from functions.nodes.data.html.errors import TemplateInvalid
from functions.nodes.data.html.spec import Params
from stepweave.model.items import Item, item
from stepweave.model.numbers import data_text
from stepweave.runtime import Entry, Step
from stepweave.runtime.item_files import file_of
from stepweave.runtime.markup import check_nesting, text_of
from stepweave.runtime.mustache import TemplateError, render
from stepweave.runtime.placing import invalid, placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return one item for each input item, or one with a table of all."""
    if step.constant("operation") == "table":
        return {"main": [_table(step)]} if step.items() else {}

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        keep = params.keep_other_fields
        if params.operation == "build":
            return [placed(entry.item, params.output_field, _built(entry), keep=keep)]
        # Imported here: a page that is built needs no parser.
        from functions.nodes.data.html.extracting import extracted, plain

        html = _source(step, entry)
        if params.operation == "toText":
            text = plain(html, skip_images=params.skip_images).strip()
            text = re.sub(r"\s+", " ", text) if params.clean_up else text
            return [placed(entry.item, params.output_field, text, keep=keep)]
        made = entry.item if keep else item({}, entry.item.get("binary"))
        for name, value in extracted(html, params.values, trim=params.trim, clean_up=params.clean_up):
            made = placed(made, name, value)
        return [made]

    return step.each(work)


def _source(step: Step[Params], entry: Entry[Params]) -> str:
    if entry.params.source == "file":
        file = file_of(entry.params.file, entry.item, step.open_file, "File", "params.file")
        html = text_of(file, "text/html")
        check_nesting(html, "file")
        return html
    check_nesting(entry.params.html, "html")
    return entry.params.html


def _built(entry: Entry[Params]) -> str:
    params = entry.params
    if params.language == "expressions":
        return params.page
    try:
        return render(params.template, _values(entry), escape)
    except TemplateError as error:
        raise TemplateInvalid(
            f"The template cannot be filled in: {error}.", "Mend the template.", details={"field": "params.template"}
        ) from None


def _values(entry: Entry[Params]) -> dict[str, Any]:
    data = entry.params.data
    if isinstance(data, str) and data.strip():
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            data = [data]
    if data in (None, ""):
        return entry.json
    if not isinstance(data, dict):
        raise invalid("data", "The values are no object.", "Give a JSON object, or nothing for the item's fields.")
    return data


def _table(step: Step[Params]) -> Item:
    params, rows = step.params(), [one["json"] for one in step.items()]
    names = list(dict.fromkeys(name for row in rows for name in row))
    titles = [_title(name) if params.capitalize else name for name in names]
    head = "".join(f"<th{_with(params.header_attributes)}>{escape(title)}</th>" for title in titles)
    body = "".join(
        f"<tr{_with(params.row_attributes)}>"
        + "".join(f"<td{_with(params.cell_attributes)}>{escape(data_text(row.get(name)))}</td>" for name in names)
        + "</tr>"
        for row in rows
    )
    caption = f"<caption>{escape(params.caption)}</caption>" if params.caption else ""
    table = (
        f"<table{_with(params.table_attributes)}>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
    return placed(item({}), params.output_field, table, keep=False)


def _with(attributes: str) -> str:
    return f" {attributes.strip()}" if attributes.strip() else ""


def _title(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in re.split(r"[\s_]+", name) if word)
