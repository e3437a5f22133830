"""Every node's examples do what they say, offline; its page shows them."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.nodes import catalogue, pages
from functions.nodes.examples import Example, ExampleInvalid, all_examples, examples_of
from local.offline.testing import run_test
from stepweave.compiler.compile import compile_workflow
from stepweave.compiler.result import CompileOptions
from stepweave.model.workflow import Workflow
from stepweave.spec.node import NodeSpec

EXAMPLES = all_examples()
BY_EXAMPLE = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.type}-{example.file.stem}")
BY_TYPE = pytest.mark.parametrize("spec", catalogue.specs(), ids=lambda spec: f"{spec.type}-v{spec.version}")


@BY_TYPE
def test_every_node_has_an_example(spec: NodeSpec) -> None:
    folder = catalogue.folder_of(spec.type, spec.version)
    assert examples_of(spec.type, spec.version), f"write {folder}/examples/<name>.json: a workflow with this node"


@BY_EXAMPLE
def test_an_example_compiles_without_a_word(example: Example) -> None:
    workflow = Workflow.model_validate(example.document)
    result = compile_workflow(workflow, catalogue.catalogue(), CompileOptions())
    assert [diagnostic.message for diagnostic in result.diagnostics] == []


@BY_EXAMPLE
def test_an_example_gives_what_it_says(example: Example) -> None:
    report = run_test(Workflow.model_validate(example.document), catalogue.catalogue())
    assert report.passed, "\n".join((str(example.file), *report.lines()))
    assert report.expectations, f"{example.file} expects nothing of any node"


@BY_TYPE
def test_a_page_has_all_fields_errors_and_examples(spec: NodeSpec) -> None:
    page = pages.rendered()[f"{spec.type}.md"]
    schema = spec.params.model_json_schema(by_alias=True)
    assert all(f"`{name}`" in page for name in (*schema.get("properties", {}), *spec.all_errors))
    assert all(example.document["description"] in page for example in examples_of(spec.type, spec.version))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "is no JSON"),
        (json.dumps({"nodes": []}), "write a workflow with a `name` and a `description`"),
        (json.dumps({"name": "a", "description": "b", "nodes": []}), "no node of it is of type 'filter'"),
    ],
)
def test_what_is_no_example_is_named_with_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, words: str
) -> None:
    def folder(*_: Any) -> Path:
        return tmp_path

    monkeypatch.setattr("functions.nodes.examples.folder_of", folder)
    (tmp_path / "examples").mkdir()
    (tmp_path / "examples" / "odd.json").write_text(text)
    with pytest.raises(ExampleInvalid, match=words) as raised:
        examples_of("filter", 1)
    assert "odd.json" in str(raised.value)
