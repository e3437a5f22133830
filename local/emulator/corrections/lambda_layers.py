"""Lambda: the content of layers lies in files, not in memory."""

import hashlib
from pathlib import Path
from typing import Any

from ministack.services import lambda_svc

from local.emulator.registry import correction
from local.emulator.running import Json, state_folder

FILE = "file"


@correction
def lambda_layer_files() -> None:
    """Keep what layers hold in files, and read it when somebody asks.

    AWS: nothing to see; this is for memory. The product's layers are 45 MB.

    Replaces, by wrapping them, `lambda_svc._resolve_layer_zip` (5905) and `serve_layer_content` (6879): the bytes stay
    in the layer's record for ever, and are written into lambda.json, in base64, each time the state is saved.

    Delete when MiniStack keeps layers as it keeps functions' code, in files by their digest, and not in memory as well.
    """
    resolve, serve = lambda_svc._resolve_layer_zip, lambda_svc.serve_layer_content

    def resolved(attachment: str | Json) -> Any:
        found = resolve(attachment)
        if isinstance(found, bytes):
            move_to_files()
        return content(found)

    def served(*arguments: Any, **options: Any) -> Any:
        status, headers, found = serve(*arguments, **options)
        return status, headers, content(found)

    lambda_svc._resolve_layer_zip = resolved
    lambda_svc.serve_layer_content = served


def content(found: Any) -> Any:
    """The bytes behind what a layer's record holds."""
    return (folder() / found[FILE]).read_bytes() if isinstance(found, dict) else found


def move_to_files() -> None:
    """Put every layer's bytes into a file, and remove the files of layers that are gone."""
    wanted = set()
    for layer in list(lambda_svc._layers._data.values()):
        for version in layer["versions"]:
            held = version.get("_zip_data")
            if isinstance(held, bytes):
                name = f"{hashlib.sha256(held).hexdigest()}.zip"
                write(folder() / name, held)
                held = version["_zip_data"] = {FILE: name}
            if held:
                wanted.add(held[FILE])
    for path in folder().glob("*.zip"):
        if path.name not in wanted:
            path.unlink(missing_ok=True)


def write(path: Path, held: bytes) -> None:
    """Write a file whole or not at all."""
    if not path.exists():
        partial = path.with_suffix(".partial")
        partial.write_bytes(held)
        partial.replace(path)


def folder() -> Path:
    """Where the files lie."""
    return state_folder("layers")
