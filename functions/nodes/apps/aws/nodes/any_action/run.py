"""Calls an operation of AWS for each item."""

import uuid
from collections.abc import Iterator
from typing import Any, Final

from functions.nodes.apps.aws.files import content_of
from functions.nodes.apps.aws.nodes.any_action.options import operation_model
from functions.nodes.apps.aws.nodes.any_action.spec import Params
from functions.nodes.apps.aws.results import plain, whole
from functions.nodes.apps.aws.service import Service, service_of
from functions.nodes.apps.aws.shapes import Preparing, from_text, prepared
from stepweave.model.items import Item, item
from stepweave.runtime import Entry, Step
from stepweave.runtime.errors import ParameterInvalid

_TOKENS: Final = uuid.UUID("6a1f6f1e-7b0e-4a2c-9d3e-0f4a5b6c7d8e")


def run(step: Step[Params]) -> dict[str, list[Item]]:
    """Return the answers, in the order of the input items."""
    services: dict[tuple[str, str], Service] = {}

    def called(entry: Entry[Params]) -> list[Item]:
        params = entry.params
        model = operation_model(params.service, params.operation)
        given = _given(step, entry, model.input_shape)
        key = (params.service, params.region)
        if key not in services:
            services[key] = service_of(step, *key)
        about = f"{params.service} as the parameters say"
        if params.pages == "all":
            return list(_entries(services[key], params, about, given))
        answer = services[key].call(params.operation, about, field=_field(params), **given)
        json, files = whole(step, answer)
        made = item(json)
        if files:
            made["binary"] = files
        return [made]

    return step.each(called)


def _given(step: Step[Params], entry: Entry[Params], shape: Any) -> dict[str, Any]:
    params = entry.params
    given: Any = params.json_parameters
    if params.given == "fields":
        members = shape.members if shape is not None else {}
        given = {}
        for row in params.parameters:
            if row.name in given:
                words = f"The parameter {row.name} stands there twice."
                raise ParameterInvalid(words, "Take one out.", details={"field": "params.parameters"})
            given[row.name] = from_text(members[row.name], row.value) if row.name in members else row.value
            if given[row.name] == "" and members.get(row.name) is not None:
                given.pop(row.name)  # a row of the form that nobody filled in
    preparing = Preparing(
        open_file=lambda name: content_of(step, entry.item, name, _field(params)),
        token=lambda name: str(uuid.uuid5(_TOKENS, f"{entry.idempotency_key}.{params.operation}.{name}")),
    )
    return prepared(shape, given, preparing, operation=params.operation, field=_field(params))


def _entries(service: Service, params: Params, about: str, given: dict[str, Any]) -> Iterator[Item]:
    pager = service.pager(params.operation)
    count = 0
    for page in service.pages(params.operation, about, field=_field(params), **given):
        lists = _lists(page, pager.results)
        if lists is None:
            words = f"The answer of {params.operation} is no list."
            raise ParameterInvalid(words, "Choose one item with the answer.", details={"field": "params.pages"})
        for one in lists:
            if count == params.limit:
                return
            count += 1
            yield item(one if isinstance(one, dict) else {"value": one})


def _lists(page: dict[str, Any], names: list[str]) -> list[Any] | None:
    """Return the entries of a page: of what its model names, else of the only list that it has."""
    import jmespath

    found = [jmespath.search(name, page) for name in names]
    lists = [one for one in found if isinstance(one, list)]
    if not names:
        lists = [one for one in page.values() if isinstance(one, list)]
        if len(lists) != 1:
            return [] if not page else None
    return [plain(entry) for one in lists for entry in one]


def _field(params: Params) -> str:
    return "params.parameters" if params.given == "fields" else "params.jsonParameters"
