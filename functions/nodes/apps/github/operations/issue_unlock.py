"""Lets everybody comment on an issue again."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="issue",
    name="unlock",
    label="Unlock",
    summary="Lets everybody comment on an issue again.",
    params=Numbered,
    request=RequestSpec("DELETE", "/repos/{owner}/{repository}/issues/{number}/lock"),
    output_example=({},),
)
