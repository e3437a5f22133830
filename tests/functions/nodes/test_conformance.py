"""What is true of every node in the catalogue."""

import importlib
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any, get_type_hints

import jsonschema_rs
import pytest

from functions.nodes import catalogue, checking
from functions.nodes.examples import examples_of
from stepweave.model.base import to_camel
from stepweave.spec.catalogue import Catalogue, CatalogueEntry
from stepweave.spec.fields import Kind, rules_of
from stepweave.spec.node import NodeSpec
from stepweave.spec.operation_forms import node_name
from stepweave.spec.upgrades import upgraded

pytestmark = pytest.mark.no_cover  # many cases of what other tests cover: traced, they take twice as long

SPECS = catalogue.specs()
BY_TYPE = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: f"{spec.type}-v{spec.version}")
RUNNING = pytest.mark.parametrize("spec", [spec for spec in SPECS if not spec.trigger], ids=lambda spec: str(spec.type))

LISTENING = pytest.mark.parametrize("spec", [spec for spec in SPECS if spec.listens], ids=lambda spec: str(spec.type))


def entry_of(spec: NodeSpec) -> CatalogueEntry:
    entry = catalogue.catalogue().get(spec.type, spec.version)
    assert entry is not None
    return entry


def fields(schema: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for name, field in schema.get("properties", {}).items():
        found.append((f"{path}{name}", field))
        found += fields(field.get("items", {}), f"{path}{name}.")
    return found


def test_every_folder_with_a_spec_is_in_the_catalogue() -> None:
    folders = {file.parent for file in Path(str(catalogue.__file__)).parent.rglob("spec.py")}
    assert {catalogue.folder_of(spec.type, spec.version) for spec in SPECS} == folders
    assert len({(spec.type, spec.version) for spec in SPECS}) == len(folders)


def test_a_catalogue_is_the_same_after_reading_and_writing() -> None:
    written = catalogue.catalogue().to_json()
    assert Catalogue.from_json(json.loads(json.dumps(written))).to_json() == written


def test_nothing_is_wrong_in_the_nodes_folders() -> None:
    assert list(checking.found()) == []


@BY_TYPE
def test_a_later_version_says_what_changed_and_fits_what_was_saved(spec: NodeSpec) -> None:
    assert (spec.upgrade is None) is (spec.version == 1), "a version after the first has an `upgrade`"
    if spec.upgrade is None:
        return
    assert spec.upgrade.changes.endswith("."), "say in `changes` what is different, for people"
    for example in examples_of(spec.type, spec.version - 1):
        for node in example.nodes:
            spec.params.model_validate(upgraded(node["params"], spec.upgrade))


@BY_TYPE
def test_ports_are_unique_and_none_is_called_error(spec: NodeSpec) -> None:
    for ports in (spec.inputs, spec.outputs):
        names = [port.name for port in ports]
        assert len(names) == len(set(names))
        if spec.control != "try":
            assert "error" not in names  # `onError: branch` adds it
    assert spec.outputs or spec.type == "stop_and_error"  # nothing can follow it
    assert bool(spec.inputs) is (spec.trigger is None)


@BY_TYPE
def test_parameters_have_a_valid_schema_without_references(spec: NodeSpec) -> None:
    schema = entry_of(spec).params_schema
    jsonschema_rs.meta.validate(dict(schema))
    assert "$ref" not in json.dumps(schema)
    assert schema["additionalProperties"] is False


@BY_TYPE
def test_every_field_has_a_form(spec: NodeSpec) -> None:
    kinds = {kind.value for kind in Kind}
    for path, field in fields(entry_of(spec).params_schema):
        assert field["title"], path
        assert field["x-ui"]["kind"] in kinds, path
        if field["x-ui"]["kind"] == "select":
            values = [option["value"] for option in field["x-ui"]["options"]]
            assert list(dict.fromkeys(values)) == field["enum"], path
        if field["x-ui"]["kind"] == "credential":
            named = field["x-ui"]["credential"]
            assert {named} if isinstance(named, str) else set(named) <= set(spec.credentials), path
            assert field["x-ui"]["expression"] is False, path


@BY_TYPE
def test_fields_are_shown_by_values_that_their_siblings_can_have(spec: NodeSpec) -> None:
    schema = entry_of(spec).params_schema
    for name, field in schema.get("properties", {}).items():
        for sibling, values in (pair for rule in rules_of(field["x-ui"]) for pair in rule.items()):
            shown_by = schema["properties"][sibling]
            assert shown_by["x-ui"]["expression"] is False, (name, sibling)
            possible = {True, False} if shown_by.get("type") == "boolean" else set(shown_by["enum"])
            assert set(values) <= possible, (name, sibling)


@BY_TYPE
def test_json_to_write_is_shown_by_an_example(spec: NodeSpec) -> None:
    for path, field in fields(entry_of(spec).params_schema):
        assert field["x-ui"]["kind"] != Kind.JSON or field["x-ui"].get("placeholder"), f"{path}: write a placeholder"


def early_of(spec: NodeSpec) -> set[str]:
    """Return the fields of an app that say of themselves that they stand with those that are needed."""
    assert spec.app is not None
    return {
        node_name(operation, to_camel(name))
        for operation in spec.app.operations
        for name, info in operation.params.model_fields.items()
        if isinstance(info.json_schema_extra, dict) and "'early': True" in str(info.json_schema_extra["x-ui"])
    }


APPS = [spec for spec in SPECS if spec.app is not None and not spec.trigger]


@pytest.mark.parametrize("spec", APPS, ids=lambda spec: str(spec.type))
def test_a_form_asks_first_for_what_it_needs(spec: NodeSpec) -> None:
    """The account before all; what must be filled in, and what its choices hang on, before what need not be."""
    schema = entry_of(spec).params_schema
    shown = {name: field["x-ui"] for name, field in schema["properties"].items() if not field["x-ui"].get("group")}
    needed = [name for name, form in shown.items() if form.get("requiredWhenShown") or name in schema["required"]]
    hung = {one for name in needed for one in shown[name].get("optionsFrom", {}).get("needs", ())}
    hung |= {one for name in needed for rule in rules_of(shown[name]) for one in rule}
    assert next(iter(shown)) == "credential"
    at = max(map(list(shown).index, needed))
    assert set(list(shown)[:at]) <= {*needed, *hung, *early_of(spec)}


@BY_TYPE
def test_example_parameters_are_valid_for_schema_and_model(spec: NodeSpec) -> None:
    for example in examples_of(spec.type, spec.version):
        for node in example.nodes:
            jsonschema_rs.validate(dict(entry_of(spec).params_schema), node["params"])
            spec.params.model_validate(node["params"])
            with pytest.raises(ValueError, match="extra"):
                spec.params.model_validate({**node["params"], "noSuchField": 1})


@BY_TYPE
def test_the_subtitle_names_fields(spec: NodeSpec) -> None:
    fields = entry_of(spec).params_schema.get("properties", {})
    named = re.findall(r"\{(\w+)(?::(\w+))?\}", spec.subtitle)
    assert {name for pair in named for name in pair if name} <= set(fields)
    for number, unit in named:
        if unit:  # the canvas says "1 day" of the choice *Days*
            assert all(option["label"].endswith("s") for option in fields[unit]["x-ui"]["options"])
        else:
            choices = {option["value"] for option in fields[number].get("x-ui", {}).get("options") or ()}
            assert not choices & {"seconds", "days"}, f"a number with its unit is {{number:{number}}}"


@BY_TYPE
def test_nodes_with_a_function_have_errors(spec: NodeSpec) -> None:
    assert bool(spec.all_errors) is spec.has_function
    assert len(spec.all_errors) == len(set(spec.all_errors))


@RUNNING
def test_a_node_has_a_handler_and_a_behaviour(spec: NodeSpec) -> None:
    module, _, name = catalogue.handler_of(spec).rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    assert len(inspect.signature(handler).parameters) == 2
    run = importlib.import_module(f"{catalogue.packages()[spec.type, spec.version]}.run").run
    assert list(inspect.signature(run).parameters) == ["step"]
    assert "return" in get_type_hints(run)


@BY_TYPE
def test_a_trigger_runs_no_steps_and_has_code_where_it_listens(spec: NodeSpec) -> None:
    package = catalogue.packages()[spec.type, spec.version]
    files = {file.name for file in Path(str(importlib.import_module(package).__file__)).parent.glob("*.py")}
    assert ("run.py" in files) is (spec.trigger is None)
    assert ("handler.py" in files) is spec.has_function
    assert ("trigger.py" in files) is (spec.listens is not None)


@LISTENING
def test_a_trigger_with_code_answers_what_its_spec_says(spec: NodeSpec) -> None:
    assert spec.listens is not None
    module, _, name = catalogue.handler_of(spec).rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))
    trigger = importlib.import_module(f"{catalogue.packages()[spec.type, spec.version]}.trigger")
    for ask in spec.listens.asks:
        assert list(inspect.signature(getattr(trigger, ask)).parameters) == ["asked"]


def test_the_catalogue_runs_no_behaviour() -> None:
    import subprocess

    program = (
        "import sys; from functions.nodes.catalogue import rendered; rendered();"
        "print([name for name in sys.modules if name.startswith(('stepweave.runtime', 'stepweave.aws'))"
        " or name.endswith(('.run', '.handler'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
