"""Reads what a database is like."""

from collections.abc import Iterator
from typing import Any

from functions.nodes.apps.notion.fields import InDatabase
from stepweave.spec.operations import Call, Operation


class Params(InDatabase):
    """Which database."""


def run(call: Call, params: Params) -> Iterator[dict[str, Any]]:
    """Give the data source."""
    from functions.nodes.apps.notion.schema import known_source

    yield known_source(call, params.database)


OPERATION = Operation(
    resource="database",
    name="get",
    label="Get",
    summary="Reads a database: its title, and its properties with their types and options.",
    params=Params,
    run=run,
    output_example=({"id": "a1b2", "object": "data_source", "properties": {"Name": {"type": "title"}}},),
)
