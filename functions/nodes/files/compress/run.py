"""Makes archives of items' files, and items of archives' files. Each way imports its own: a cold start has one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from functions.nodes.files.compress.spec import Params
from stepweave.model.items import BinaryRef, Item, item
from stepweave.model.lineage import made_of
from stepweave.runtime import Entry, Step
from stepweave.runtime.item_files import file_of

if TYPE_CHECKING:
    from functions.nodes.files.compress.packing import Member


def run(step: Step[Params]) -> dict[str, Iterable[Item]]:
    """Return the archives, or the files."""
    if step.constant("operation") == "uncompress":
        return {**step.each(lambda entry: _unpacked(step, entry))}
    if step.constant("format") == "gzip":
        return {**step.each(lambda entry: _gzipped(step, entry))}
    if step.constant("archives") == "each":
        return {**step.each(lambda entry: _packed_each(step, entry))}
    return {"main": _packed(step)}


def _packed(step: Step[Params]) -> list[Item]:
    from functions.nodes.files.compress import packing

    sources = step.items()
    if not sources:
        return []
    members: list[Member] = []
    for index, source in enumerate(sources):
        members += packing.members(source, step.params(index), step.open_file, every=False)
    fields, files = packing.archive(step, step.params(0), members)
    return [made_of(sources, fields, files)]


def _packed_each(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    from functions.nodes.files.compress import packing

    found = packing.members(entry.item, entry.params, step.open_file)
    fields, files = packing.archive(step, entry.params, found)
    return [item({**entry.json, **fields}, {**entry.item.get("binary", {}), **files})]


def _gzipped(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    from functions.nodes.files.compress import packing

    files: dict[str, BinaryRef] = {}
    for member in packing.members(entry.item, entry.params, step.open_file):
        name = entry.params.output_file if not files else f"{entry.params.output_file}_{len(files) + 1}"
        files[name] = packing.gzipped(step, member)
    size = sum(ref["size"] for ref in files.values())
    fields = {"fileName": next(iter(files.values()))["fileName"], "size": size, "files": len(files)}
    return [item({**entry.json, **fields}, {**entry.item.get("binary", {}), **files})]


def _unpacked(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    from functions.nodes.files.compress.unpacking import unpacked

    params = entry.params
    file = file_of(params.file, entry.item, step.open_file, "Archive", "params.file")
    found = list(unpacked(file, params, step.new_file, step.log))
    if params.output == "items":
        return [item(fields, {params.output_file: ref}) for fields, ref in found]
    names = [params.output_file if not place else f"{params.output_file}_{place + 1}" for place in range(len(found))]
    files = {name: ref for name, (_, ref) in zip(names, found, strict=True)}
    listed = [{"file": name, **fields} for name, (fields, _) in zip(names, found, strict=True)]
    return [item({**entry.json, "files": listed}, files)]
