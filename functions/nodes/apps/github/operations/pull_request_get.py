"""Reads a pull request."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="pull_request",
    name="get",
    label="Get",
    summary="Reads a pull request.",
    params=Numbered,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/pulls/{number}"),
    output_example=({"number": 8, "title": "Mend it", "state": "open", "draft": False, "head": {"ref": "mend"}},),
)
