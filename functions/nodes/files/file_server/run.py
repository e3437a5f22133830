"""Works on a file server, over one connection for all items."""

import mimetypes
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

from functions.nodes.files.file_server.errors import ServerFileExists, ServerFileNotFound
from functions.nodes.files.file_server.server import FileServer, Found
from functions.nodes.files.file_server.spec import Params
from stepweave.model.items import Item, item
from stepweave.model.sizes import size_text
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import DataTooLarge, NodeError
from stepweave.runtime.item_files import file_of
from stepweave.runtime.placing import invalid

MOST_ENTRIES: Final = 10_000
MOST_DEPTH: Final = 30


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return what was done, or found."""
    if not step.items():
        return {}
    server = connected(step.credential_of(str(step.constant("credential")), ("ssh", "ftp")), step.remaining)
    try:
        return step.each(lambda entry: _DO[entry.params.operation](step, server, entry))
    finally:
        server.close()


def connected(account: tuple[str, dict[str, Any]], remaining: Callable[[], float]) -> FileServer:
    """Return the server of a credential, logged in. Raises NodeError."""
    type, data = account
    if type == "ssh":
        from functions.nodes.files.file_server.sftp import Sftp

        return Sftp(data, remaining)
    from functions.nodes.files.file_server.ftp import Ftp

    return Ftp(data, remaining)


def _list(step: Step[Params], server: FileServer, entry: Entry[Params]) -> list[Item]:
    params = entry.params
    path = _path(params.path, "path")
    found = _below(server, path, MOST_DEPTH if params.recursive else 1)
    wanted = [one for one in found if not params.only or fnmatchcase(one.path.rpartition("/")[2], params.only)]
    return [item(one.told()) for one in sorted(wanted, key=lambda one: one.path)]


def _below(server: FileServer, path: str, depth: int) -> list[Found]:
    found: list[Found] = []
    folders = [(path, depth)]
    while folders:
        folder, left = folders.pop()
        for one in server.folder(folder):
            found.append(one)
            if len(found) > MOST_ENTRIES:
                raise DataTooLarge(f"{path[:300]} has more than {MOST_ENTRIES:,} entries.", "List folders within it.")
            if one.type == "folder" and left > 1:
                folders.append((one.path, left - 1))
    return found


def _download(step: Step[Params], server: FileServer, entry: Entry[Params]) -> list[Item]:
    params = entry.params
    path = _path(params.path, "path")
    name = path.rstrip("/").rpartition("/")[2]
    most = params.max_mb * 1024**2
    with step.new_file(mimetypes.guess_type(name)[0] or "application/octet-stream") as out:

        def write(piece: bytes) -> int:
            if out.size + len(piece) > most:
                raise DataTooLarge(f"{path[:300]} has more than {size_text(most)}.", "Allow more in the options.")
            return out.write(piece)

        said = server.download(path, write)
        if said is not None and said != out.size:
            from functions.nodes.files.file_server.errors import FileServerUnavailable

            raise FileServerUnavailable(
                f"Of {path[:300]} came {out.size:,} bytes; the server says it has {said:,}.", "Try again."
            )
        ref = out.file(name)
    fields = {"path": path, "fileName": name, "size": ref["size"]}
    return [item({**entry.json, **fields}, {**entry.item.get("binary", {}), params.output_file: ref})]


def _upload(step: Step[Params], server: FileServer, entry: Entry[Params]) -> list[Item]:
    params = entry.params
    file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
    path = _path(params.path, "path")
    if path.endswith("/"):
        path += file.name.replace("\\", "/").rpartition("/")[2] or "file"
        _path(path, "path")
    folder, slash, name = path.rpartition("/")
    if params.make_folders:
        _make(server, folder)
    if params.exists == "fail" and server.look(path) is not None:
        raise ServerFileExists(f"{path[:300]} is there already.", "Choose another path, or let it be replaced.")
    part = f"{folder}{slash}.{name[:100]}.{entry.idempotency_key[:12]}.part"
    try:
        server.upload(part, file.chunks())
        server.move(part, path, replace=params.exists == "replace")
    except NodeError:
        _forget(server, part)
        raise
    return [item({**entry.json, "path": path, "size": file.size, "uploaded": True}, entry.item.get("binary"))]


def _forget(server: FileServer, path: str) -> None:
    try:
        server.remove(path)
    except NodeError:
        return


def _delete(step: Step[Params], server: FileServer, entry: Entry[Params]) -> list[Item]:
    path = _path(entry.params.path, "path").rstrip("/")
    if not path:
        raise invalid("path", "Path: the root folder is not deleted.", "Name a file or a folder.")
    found = server.look(path)
    if found is None:
        raise ServerFileNotFound(f"There is no {path[:300]}.", "Check the path.")
    count = 1
    if found.type == "folder":
        within = _below(server, path, MOST_DEPTH) if entry.params.whole_folder else []
        for one in sorted(within, key=lambda one: -one.path.count("/")):
            (server.remove_folder if one.type == "folder" else server.remove)(one.path)
        server.remove_folder(path)
        count += len(within)
    else:
        server.remove(path)
    return [item({**entry.json, "path": path, "deleted": count}, entry.item.get("binary"))]


def _rename(step: Step[Params], server: FileServer, entry: Entry[Params]) -> list[Item]:
    params = entry.params
    path, to = _path(params.path, "path"), _path(params.to, "to")
    if to.endswith("/"):
        to += path.rstrip("/").rpartition("/")[2]
    if params.make_folders:
        _make(server, to.rpartition("/")[0])
    if params.exists == "fail" and server.look(to) is not None:
        raise ServerFileExists(f"{to[:300]} is there already.", "Choose another path, or let it be replaced.")
    server.move(path, to, replace=params.exists == "replace")
    return [item({**entry.json, "path": to, "before": path}, entry.item.get("binary"))]


def _make_folder(step: Step[Params], server: FileServer, entry: Entry[Params]) -> list[Item]:
    path = _path(entry.params.path, "path").rstrip("/")
    if entry.params.make_folders:
        _make(server, path)
    else:
        server.make_folder(path)
    return [item({**entry.json, "path": path}, entry.item.get("binary"))]


def _make(server: FileServer, folder: str) -> None:
    for path in _ways(folder):
        if server.look(path) is None:
            server.make_folder(path)


def _ways(folder: str) -> Iterator[str]:
    """Yield the paths of a folder and those that it is in, the outermost first."""
    parts = folder.split("/")
    for end in range(1, len(parts) + 1):
        if parts[end - 1] not in ("", "."):
            yield "/".join(parts[:end])


def _path(path: str, field: str) -> str:
    if any(sign in path for sign in "\r\n\0"):
        raise invalid(field, "Path: it holds a line break.", "Take it out.")
    return path


_DO: Final = {
    "list": _list,
    "download": _download,
    "upload": _upload,
    "delete": _delete,
    "rename": _rename,
    "makeFolder": _make_folder,
}
