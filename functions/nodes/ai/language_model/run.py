"""Asks a language model for each item."""

from functions.nodes.ai.language_model.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with the model's answers."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from functions.nodes.ai.language_model.asking import request_of
    from stepweave_ai.steps import Models, Way

    models = Models(step)

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        request = request_of(params, entry.item, step.open_file)
        way = Way.of(entry.index, params)
        if params.output == "json":
            value = models.json(request, way, params.json_schema, params.repairs)
        else:
            value = models.text(request, way)
        return [placed(entry.item, params.output_field, value)]

    return step.each(work, concurrency=int(step.constant("concurrency")))
