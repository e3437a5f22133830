"""Makes PDFs of content or of other PDFs."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from functions.nodes.files.pdf.spec import Params
from stepweave.model.items import BinaryRef, Item, item
from stepweave.model.lineage import made_of
from stepweave.runtime import Entry, Step
from stepweave.runtime.files import StoredFile
from stepweave.runtime.item_files import file_of
from stepweave.runtime.placing import invalid

if TYPE_CHECKING:
    from pypdf import PdfReader


def run(step: Step[Params]) -> dict[str, Iterable[Item]]:
    """Return the items with the new PDFs."""
    operation = step.constant("operation")
    if operation == "create":
        return {**step.each(lambda entry: [_created(step, entry)])}
    if operation == "split":
        return {**step.each(lambda entry: list(_split(step, entry)))}
    if operation == "pages":
        return {**step.each(lambda entry: [_taken(step, entry)])}
    if step.constant("merged") == "each":
        return {**step.each(lambda entry: [_merged_each(step, entry)])}
    return {"main": _merged(step)}


def _created(step: Step[Params], entry: Entry[Params]) -> Item:
    from functions.nodes.files.pdf.laying_out import laid_out

    content, pages = laid_out(entry.params, entry.item, step.open_file, step.log)
    fields, ref = _stored(step, entry.params, content, pages)
    return _beside(entry, fields, ref)


def _split(step: Step[Params], entry: Entry[Params]) -> Iterator[Item]:
    from functions.nodes.files.pdf.pages import opened, written

    params = entry.params
    file = _file(step, entry)
    with opened(file, params.password) as reader:
        count = len(reader.pages)
        for part, first in enumerate(range(0, count, params.every), 1):
            numbers = range(first, min(first + params.every, count))
            content = written([(reader, numbers)])
            fields, ref = _stored(step, params, content, len(numbers), f"-{part}", file.name)
            yield item({**fields, "part": part, "firstPage": first + 1}, {params.output_file: ref})


def _taken(step: Step[Params], entry: Entry[Params]) -> Item:
    from functions.nodes.files.pdf.pages import chosen, opened, written

    file = _file(step, entry)
    with opened(file, entry.params.password) as reader:
        numbers = chosen(entry.params.pages, len(reader.pages))
        fields, ref = _stored(step, entry.params, written([(reader, numbers)]), len(numbers), "", file.name)
    return _beside(entry, fields, ref)


def _merged_each(step: Step[Params], entry: Entry[Params]) -> Item:
    fields, ref = _together(step, entry.params, _files(step, entry.item, entry.params))
    return _beside(entry, fields, ref)


def _merged(step: Step[Params]) -> list[Item]:
    sources = step.items()
    if not sources:
        return []
    files = [file for index, source in enumerate(sources) for file in _files(step, source, step.params(index))]
    fields, ref = _together(step, step.params(0), files)
    return [made_of(sources, fields, {step.params(0).output_file: ref})]


def _together(step: Step[Params], params: Params, files: list[StoredFile]) -> tuple[dict[str, Any], BinaryRef]:
    from contextlib import ExitStack

    from functions.nodes.files.pdf.pages import opened, written

    if not files:
        raise invalid("files", "Files: there are none.", "Put a node before it that gives PDFs.")
    with ExitStack() as open_now:
        readers: list[tuple[PdfReader, range]] = []
        for file in files:
            reader = open_now.enter_context(opened(file, params.password))
            readers.append((reader, range(len(reader.pages))))
        return _stored(step, params, written(readers), sum(len(numbers) for _, numbers in readers))


def _stored(
    step: Step[Params], params: Params, content: bytes, pages: int, end: str = "", source: str = ""
) -> tuple[dict[str, Any], BinaryRef]:
    name = (params.file_name or source or "document").replace("/", "_").replace("\\", "_").strip()
    stem = name[:-4] if name.lower().endswith(".pdf") else name
    name = f"{stem}{end}.pdf"
    with step.new_file("application/pdf") as out:
        out.write(content)
        ref = out.file(name)
    return {"fileName": name, "size": ref["size"], "pages": pages}, ref


def _beside(entry: Entry[Params], fields: dict[str, Any], ref: BinaryRef) -> Item:
    return item({**entry.json, **fields}, {**entry.item.get("binary", {}), entry.params.output_file: ref})


def _file(step: Step[Params], entry: Entry[Params]) -> StoredFile:
    return file_of(entry.params.file, entry.item, step.open_file, "File", "params.file")


def _files(step: Step[Params], source: Item, params: Params) -> list[StoredFile]:
    names = list(params.files) or list(source.get("binary", {}))
    return [file_of(name, source, step.open_file, "Files", "params.files") for name in names]
