"""The guide on flow nodes: its examples are what the nodes take, and the workflow it shows does what it says."""

import json
import textwrap
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner

from functions.nodes import catalogue
from local.cli.main import app
from stepweave.spec.ports import output_ports

GUIDES = Path(__file__).parents[3] / "docs" / "guides"
WORKFLOW = GUIDES / "examples" / "flow-nodes.json"
FLOW = {"if", "filter", "switch", "try", "limit", "merge", "loop", "wait", "stop_and_error"}


def examples() -> list[dict[str, Any]]:
    """Return the guide's indented blocks that are nodes."""
    paragraphs = (GUIDES / "flow-nodes.md").read_text().split("\n\n")
    blocks = [textwrap.dedent(text) for text in paragraphs if text.startswith("    {")]
    return [json.loads(block) for block in blocks]


@pytest.mark.parametrize("example", examples(), ids=lambda example: str(example["type"]))
def test_the_parameters_shown_are_those_that_the_node_takes(example: dict[str, Any]) -> None:
    entry = catalogue.catalogue().get(example["type"], 1)
    assert entry is not None
    jsonschema_rs.validate(dict(entry.params_schema), example["params"])


def test_the_workflow_has_every_flow_node_and_a_way_from_every_output_a_switch_names() -> None:
    document = json.loads(WORKFLOW.read_text())
    types = {node["type"] for node in document["nodes"]}
    assert types >= FLOW - {"if"}
    # A throttle asks the store, which an offline run has not.
    assert {example["type"] for example in examples()} == (FLOW - {"if"}) | {"throttle"}
    switch = next(node for node in document["nodes"] if node["type"] == "switch")
    entry = catalogue.catalogue().get("switch", 1)
    assert entry is not None
    used = {edge["sourcePort"] for edge in document["edges"] if edge["source"] == switch["id"]}
    assert {port.name for port in output_ports(entry, switch["params"])} == used


def test_the_workflow_gives_what_it_expects() -> None:
    result = CliRunner().invoke(app, ["test", str(WORKFLOW)])
    assert result.exit_code == 0, result.stdout
    assert result.stdout.endswith("11 of 11 expectations hold\n")
