"""Reads one issue."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="issue",
    name="get",
    label="Get",
    summary="Reads an issue or a pull request by its number.",
    params=Numbered,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/issues/{number}"),
    output_example=({"number": 7, "title": "It breaks", "state": "open"},),
)
