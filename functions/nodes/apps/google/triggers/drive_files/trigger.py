"""Says which files of a folder are new, or have changed."""

from typing import Any

from functions.nodes.apps.google.drive import GET, LIST, PAGES
from functions.nodes.apps.google.files import FOLDER, file_id, quoted
from functions.nodes.apps.google.nodes.drive.spec import APP
from functions.nodes.apps.google.polling import asker
from functions.nodes.apps.google.triggers.drive_files.spec import Params
from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.polling import Poll, Thing, in_order, only_new, params_of, watched_of
from stepweave.spec.triggers import MOST_LISTED


def poll(asked: Asked) -> dict[str, Any]:
    """Return what is new in the folder. Raises what `SPEC.errors` names."""
    params, given = params_of(asked, Params), Poll.of(asked.given)
    folder = file_id(params.folder, "folder")
    if given.first:
        asker(APP, asked)(GET, file=folder)  # a folder that is not there has no files, and is no error
    parts = [f"{quoted(folder)} in parents", "trashed = false"]
    if params.kind != "all":
        parts.append(f"mimeType {'=' if params.kind == 'folders' else '!='} '{FOLDER}'")
    if params.search.strip():
        parts.append(f"({params.search.strip()})")
    values = {"q": " and ".join(parts), "order": "modifiedTime desc"}
    watched = watched_of(params.credential, values, params.event)
    found: list[Any] = []
    for page in asking(APP, asked, params.credential, LIST, values).pages(PAGES, "files", None):
        found += page
        if given.is_sample or len(found) >= MOST_LISTED:
            break
    things = [Thing(_key(one, params.event), one) for one in found[:MOST_LISTED]]
    return only_new(given, in_order(things, newest_first=True), watched).answer()


def _key(file: dict[str, Any], event: str) -> str:
    """Return what a file is known by: its ID, and, where changes count, its content's or its last change."""
    changed = f" {file.get('md5Checksum') or file.get('modifiedTime')}" if event == "changed" else ""
    return f"{file['id']}{changed}"
