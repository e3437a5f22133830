"""Keeps the items' files, and gives kept ones."""

from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.files.storage.errors import KeptFileExists, KeptFileNotFound
from functions.nodes.files.storage.spec import Params
from stepweave.model.items import BinaryRef, Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.item_files import file_of
from stepweave.spec.kept import within

_PAGE: Final = 1_000
_TOLD: Final = ("path", "size", "mimeType", "updatedAt", "expiresAt")


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what was done, or found."""
    return step.each(lambda entry: _DO[entry.params.operation](step, entry))


def _write(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    params = entry.params
    file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
    path = params.path
    if path.endswith("/"):
        path += file.name.replace("\\", "/").rpartition("/")[2] or "file"
    if (
        params.exists != "replace"
        and (there := step.store.do({"do": "getFile", "path": path, **within(params)})) is not None
    ):
        return [_kept(entry, there, params)]
    # Copied: what an execution leaves is dropped in its own time.
    with step.new_file(file.mime_type or "application/octet-stream") as out:
        for piece in file.chunks():
            out.write(piece)
        ref = out.file()
    told = {"key": ref["key"], "size": ref["size"], "sha256": ref["sha256"], "mimeType": ref["mimeType"]}
    absent = params.exists != "replace"
    found = step.store.do({"do": "putFile", "path": path, "file": told, "ifAbsent": absent, **within(params)})
    return [_kept(entry, found, params)]


def _kept(entry: Entry[Params], found: dict[str, Any], params: Params) -> Item:
    stored = found.get("stored", False)
    if not stored and params.exists == "fail":
        raise KeptFileExists(f"There is a file {found['path']} already.", "Choose another path, or let it be replaced.")
    fields = {"path": found["path"], "size": found["size"], "stored": stored, "expiresAt": found["expiresAt"]}
    return item({**entry.json, **fields}, entry.item.get("binary"))


def _read(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    params = entry.params
    found = step.store.do({"do": "getFile", "path": params.path, **within(params)})
    if found is None:
        return [_missing(entry, "found")]
    name = found["path"].rpartition("/")[2]
    ref: BinaryRef = {
        "bucket": step.control.claims.bucket,
        "key": found["key"],
        "size": found["size"],
        "sha256": found["sha256"],
        "mimeType": found["mimeType"],
        "fileName": name,
    }
    fields = {"path": found["path"], "fileName": name, "size": found["size"], "updatedAt": found["updatedAt"]}
    return [item({**entry.json, **fields}, {**entry.item.get("binary", {}), params.output_file: ref})]


def _delete(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    done = step.store.do({"do": "deleteFile", "path": entry.params.path, **within(entry.params)})
    if not done["deleted"]:
        return [_missing(entry, "deleted")]
    return [item({**entry.json, "path": entry.params.path, "deleted": True}, entry.item.get("binary"))]


def _share(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    params = entry.params
    found = step.store.do({"do": "shareFile", "path": params.path, "seconds": params.hours * 3600, **within(params)})
    if found is None:
        return [_missing(entry, "found")]
    return [item({**entry.json, **found}, entry.item.get("binary"))]


def _unshare(step: Step[Params], entry: Entry[Params]) -> list[Item]:
    path = entry.params.path
    done = step.store.do({"do": "unshareFile", "path": path, **within(entry.params)})
    return [item({**entry.json, "path": path, "ended": done["ended"]}, entry.item.get("binary"))]


def _missing(entry: Entry[Params], field: str) -> Item:
    path = entry.params.path
    if entry.params.missing == "fail":
        raise KeptFileNotFound(
            f"There is no file {path[:200]}.", "Check the path: it may have been deleted, or 89 days may be over."
        )
    return item({**entry.json, "path": path, field: False}, entry.item.get("binary"))


def _list(step: Step[Params], entry: Entry[Params]) -> Iterator[Item]:
    left, after = entry.params.limit, ""
    while left:
        page = {"do": "files", "prefix": entry.params.prefix, "after": after, "limit": min(left, _PAGE)}
        page |= within(entry.params)
        given = step.store.do(page)
        yield from (item({name: one[name] for name in _TOLD}) for one in given["files"])
        left, after = left - len(given["files"]), given["next"]
        if not after:
            return


_DO: Final = {
    "write": _write,
    "read": _read,
    "list": _list,
    "share": _share,
    "unshare": _unshare,
    "delete": _delete,
}
