"""Asks a language model for each item.

An answer that the memory cannot take fails the item, and is kept: tried again, it is remembered, and nobody asked.
"""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from functions.nodes.ai.language_model.spec import Params
from stepweave.model.items import Item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import NodeError
from stepweave.runtime.placing import placed

if TYPE_CHECKING:
    from stepweave_ai.talking import Request


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the items with the model's answers."""
    # Imported here: what talks to providers costs more than the rest of the function.
    from functions.nodes.ai.language_model.asking import request_of
    from functions.nodes.ai.language_model.unremembered import Unremembered
    from stepweave_ai.remembering import Memory, words_of
    from stepweave_ai.steps import Models, Way
    from stepweave_ai.tool_calls import taking_turns

    models = Models(step)
    unremembered = Unremembered(step)

    def answered(params: Params, request: "Request", index: int) -> Any:
        way = Way.of(index, params)
        if params.output == "json":
            return models.json(request, way, params.json_schema, params.repairs)
        return models.text(request, way)

    def remembered(entry: Entry[Params], request: "Request") -> Any:
        memory = Memory(step, models, entry.params, entry.index)
        kept = unremembered.find(entry)
        if kept:
            [value] = kept
        else:
            told = taking_turns([*memory.before(), *request.messages])
            value = answered(entry.params, replace(request, messages=told), entry.index)
        said = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        try:
            memory.after(words_of(request.messages[-1]), said)
        except NodeError:
            if not kept:
                unremembered.keep(entry, value)
            raise
        return value

    def work(entry: Entry[Params]) -> list[Item]:
        request = request_of(entry.params, entry.item, step.open_file)
        asked = remembered(entry, request) if entry.params.memory else answered(entry.params, request, entry.index)
        return [placed(entry.item, entry.params.output_field, asked)]

    # Items may be of one talk, where each must see the answer of the one before.
    return step.each(work, concurrency=1 if step.constant("memory") else int(step.constant("concurrency")))
