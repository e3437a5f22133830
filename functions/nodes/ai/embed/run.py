"""Turns texts into vectors, many with one request."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from functions.nodes.ai.embed.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.placing import placed
from stepweave.spec.models import EMBED_CREDENTIALS

if TYPE_CHECKING:
    from stepweave_ai.services import Services

Vector = list[float]


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with their vectors."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from stepweave_ai.services import Services

    services = Services(step, EMBED_CREDENTIALS)

    def work(entries: list[Entry[Params]]) -> Iterator[list[Item] | NodeError]:
        for entry, vector in zip(entries, _vectors(services, entries), strict=False):
            if isinstance(vector, NodeError):
                yield vector
                continue
            yield [placed(entry.item, entry.params.output_field, vector)]

    return step.each_together(work, most=int(step.constant("batch")))


def _vectors(services: "Services", entries: Sequence[Entry[Params]]) -> Iterator[Vector | NodeError | None]:
    """Yield the vector of each text, None for an empty one, or the error it fails with.

    It ends early where the texts behind are for another model.
    """
    from stepweave_ai.errors import ContentRefused, ContextTooLong, ModelRequestInvalid

    model = entries[0].params.model.strip()
    same = [entry.params.text for entry in entries if entry.params.model.strip() == model]
    texts = [text for text in same if text.strip()]
    try:
        found: Iterator[Vector | NodeError] = iter(_asked(services, entries[0].params, texts))
    except (ModelRequestInvalid, ContextTooLong, ContentRefused) as error:
        found = iter([error]) if len(texts) == 1 else _one_by_one(services, entries[0].params, texts)
    for entry in entries:
        if entry.params.model.strip() != model:
            return
        yield next(found) if entry.params.text.strip() else None


def _one_by_one(services: "Services", params: Params, texts: Sequence[str]) -> Iterator[Vector | NodeError]:
    """Yield each text's vector, or why it has none: what is wrong with one is not wrong with the others."""
    for text in texts:
        try:
            yield _asked(services, params, [text])[0]
        except NodeError as error:
            yield error


def _asked(services: "Services", params: Params, texts: Sequence[str]) -> list[Vector]:
    if not texts:
        return []
    model = params.model.strip()
    vectors: list[Vector]
    vectors, tokens = services.ask(lambda asked, seconds: asked.embed(model, texts, params.dimensions, seconds=seconds))
    services.pay(model, tokens)
    return vectors
