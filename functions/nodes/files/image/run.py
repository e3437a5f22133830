"""Does one thing with the picture of each item."""

from pathlib import PurePosixPath
from typing import Any

from functions.nodes.files.image.spec import Params
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.item_files import file_of


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with the new pictures."""
    # Imported here: Pillow costs more than the rest of the function.
    from functions.nodes.files.image.changing import changed
    from functions.nodes.files.image.pictures import encoded, opened, told

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        file = file_of(params.file, entry.item, step.open_file, "File", "params.file")
        with file.copied(50 * 1024**2, "The picture") as copy, opened(copy) as picture:
            if params.operation == "info":
                found: dict[str, Any] = {**told(picture), "size": file.size}
                return [item({**entry.json, "image": found}, entry.item.get("binary"))]
            made = changed(picture, params, step.log)
            content, format, mime_type = encoded(made, picture, params)
            name = PurePosixPath(params.file_name or file.name or "picture").name
            end = ".jpg" if format == "jpeg" else f".{format}"
            if not params.file_name:
                name = f"{PurePosixPath(name).stem}{end}" if not _fits(name, format) else name
            with step.new_file(mime_type) as out:
                out.write(content)
                ref = out.file(name)
        fields = {"width": made.width, "height": made.height, "format": format, "size": ref["size"]}
        about = {**entry.json, "fileName": name, "image": fields}
        return [item(about, {**entry.item.get("binary", {}), params.output_file: ref})]

    return step.each(work)


def _fits(name: str, format: str) -> bool:
    ends = {"jpeg": (".jpg", ".jpeg"), "tiff": (".tif", ".tiff")}.get(format, (f".{format}",))
    return name.lower().endswith(ends)
