"""Asks a provider which texts are harmful."""

from typing import Any

from functions.nodes.ai.moderate.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed

_CLEAN: dict[str, Any] = {"flagged": False, "categories": [], "scores": {}}


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with what was found, on `flagged` or `clean`."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from stepweave_ai.services import Services

    services = Services(step)

    def work(entry: Entry[Params]) -> dict[str, list[Item]]:
        params = entry.params
        found = _found(services, params) if params.text.strip() else _CLEAN
        return {"flagged" if found["flagged"] else "clean": [placed(entry.item, params.output_field, found)]}

    return step.each(work, concurrency=int(step.constant("concurrency")))


def _found(services: Any, params: Params) -> dict[str, Any]:
    model = params.model.strip()
    verdict = services.ask(lambda asked, seconds: asked.moderate(model, params.text, seconds=seconds))
    flagged, categories = verdict.flagged, list(verdict.categories)
    if params.threshold is not None:
        categories = [name for name, score in verdict.scores.items() if score >= params.threshold]
        flagged = bool(categories)
    return {"flagged": flagged, "categories": categories, "scores": dict(verdict.scores)}
