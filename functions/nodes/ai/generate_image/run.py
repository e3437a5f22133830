"""Has a model draw pictures, and stores them."""

import hashlib
import io
from collections.abc import Sequence
from typing import Any, Final

from functions.nodes.ai.generate_image.spec import Params
from stepweave.model.items import BinaryRef, Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed

_REVISED: Final = "revisedPrompt"
_KINDS: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"RIFF", "image/webp", "webp"),
    (b"GIF8", "image/gif", "gif"),
)
"""How files of pictures begin: providers do not say what they send."""


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with their pictures."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from stepweave_ai.services import Services

    services = Services(step)

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        model, settings = params.model.strip(), settings_of(params)
        made = services.ask(lambda asked, seconds: asked.pictures(model, params.prompt, settings, seconds=seconds))
        services.pay(model, made.tokens)
        files = _stored(step, params.file_name, made.contents)
        revised = next(filter(None, made.prompts), "")
        source = placed(entry.item, _REVISED, revised) if revised else entry.item
        return [{**source, "binary": {**source.get("binary", {}), **files}}]

    return step.each(work, concurrency=int(step.constant("concurrency")))


def settings_of(params: Params) -> dict[str, Any]:
    """Return what the API is told: what is left empty is not sent."""
    given = {
        "size": params.size,
        "quality": params.quality,
        "output_format": params.format,
        "background": params.background,
    }
    return {"n": params.count, **{name: value for name, value in given.items() if value}}


def _stored(step: Step[Params], name: str, contents: Sequence[bytes]) -> dict[str, BinaryRef]:
    files: dict[str, BinaryRef] = {}
    for number, content in enumerate(contents, 1):
        mime_type, end = next(
            ((mime, end) for begins, mime, end in _KINDS if content.startswith(begins)),
            ("application/octet-stream", "bin"),
        )
        key = name if number == 1 else f"{name}_{number}"
        files[key] = step.store_file(
            io.BytesIO(content),
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            mime_type=mime_type,
            file_name=f"{key}.{end}",
        )
    return files
