"""Asks a language model for each item."""

import json
from dataclasses import replace

from functions.nodes.ai.language_model.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.placing import placed


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with the model's answers."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from functions.nodes.ai.language_model.asking import request_of
    from stepweave_ai.remembering import Memory, words_of
    from stepweave_ai.steps import Models, Way
    from stepweave_ai.tool_calls import taking_turns

    models = Models(step)

    def work(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        request = request_of(params, entry.item, step.open_file)
        said = words_of(request.messages[-1])
        memory = Memory(step, models, params, entry.index) if params.memory else None
        if memory is not None:
            request = replace(request, messages=taking_turns([*memory.before(), *request.messages]))
        way = Way.of(entry.index, params)
        if params.output == "json":
            value = models.json(request, way, params.json_schema, params.repairs)
        else:
            value = models.text(request, way)
        if memory is not None:
            memory.after(said, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        return [placed(entry.item, params.output_field, value)]

    # Items may be of one talk, where each must see the answer of the one before.
    return step.each(work, concurrency=1 if step.constant("memory") else int(step.constant("concurrency")))
