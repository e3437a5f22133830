"""Our own templates: each compiles without a word, runs offline as it says, and asks for what is there."""

import json
from typing import Any

import pytest

from api.gallery import READY, USES, Template, ready
from api.services.templates import forms
from functions.nodes import catalogue
from local.offline.testing import run_test
from stepweave.compiler.compile import compile_workflow
from stepweave.compiler.result import CompileOptions
from stepweave.model.workflow import Workflow

ALL = list(ready().values())
EACH = pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)


def test_there_are_many_and_none_is_twice() -> None:
    assert len(ALL) >= 40
    assert len({one.name for one in ALL}) == len({one.summary for one in ALL}) == len(ALL)
    assert {use for one in ALL for use in one.uses} == set(USES)
    assert {json.loads(file.read_text())["id"] for file in READY.glob("*.json")} == {
        file.stem for file in READY.glob("*.json")
    }


@pytest.mark.no_cover
@EACH
def test_it_compiles_without_a_word_and_gives_what_it_says(template: Template) -> None:
    workflow = Workflow.model_validate(template.workflow)
    result = compile_workflow(workflow, catalogue.catalogue(), CompileOptions())
    assert [diagnostic.message for diagnostic in result.diagnostics] == []
    report = run_test(workflow, catalogue.catalogue())
    assert report.passed, "\n".join(report.lines())
    assert report.expectations, f"{template.id} expects nothing of any node"
    assert template.workflow["name"] == template.name


@EACH
def test_it_asks_for_every_credential_and_for_what_is_there(template: Template) -> None:
    nodes, slots = forms.nodes_of(template.workflow), {one.id: one for one in template.credentials}
    asked = {(spot.node, spot.field) for slot in slots.values() for spot in slot.fields}
    for slot in slots.values():
        assert forms.types_of(slot, template.workflow), f"{slot.id}: no type fits all of its fields"
        assert slot.why.endswith(".")
    assert asked == {(node, field) for node in nodes for field in _credential_fields(nodes[node])}
    ids = [one.id for one in template.parameters]
    assert len(set(ids)) == len(ids)
    for question in template.parameters:
        assert question.id == f"{question.fields[0].node}.{question.fields[0].field}"
        for spot in question.fields:
            entry = forms.entry_of(nodes[spot.node])
            assert entry is not None
            assert spot.field in entry.params_schema["properties"], f"{spot.node} has no parameter {spot.field}"
        values = {json.dumps(nodes[spot.node]["params"].get(spot.field)) for spot in question.fields}
        assert len(values) == 1, f"{question.id} fills fields that differ"


@EACH
def test_what_is_made_of_it_has_no_test_data_and_no_credential(template: Template) -> None:
    made = forms.inert(template)
    for node in made["nodes"]:
        entry = forms.entry_of(node)
        assert entry is not None
        assert "expected" not in node
        assert "pinned" not in node or entry.trigger is not None
        assert all(node["params"][field] == "" for field in _credential_fields(node))
    assert forms.unknown_nodes(made) == []


def _credential_fields(node: dict[str, Any]) -> list[str]:
    entry = forms.entry_of(node)
    assert entry is not None
    return [field for field in node["params"] if forms.takes(entry, field)]
