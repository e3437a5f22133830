"""Starts a workflow of GitHub Actions that has the trigger workflow_dispatch."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Repository):
    """Which workflow."""

    workflow: Text = ui(
        ...,
        title="Workflow",
        kind=Kind.TEXT,
        placeholder="ci.yml",
        help="Its file's name or id.",
        min_length=1,
        max_length=250,
    )
    branch: Text = ui("main", title="Branch or tag", kind=Kind.TEXT, min_length=1, max_length=250)
    inputs: dict[str, Text] = ui(
        None,
        title="Inputs",
        kind=Kind.JSON,
        placeholder='{"environment": "staging"}',
        help="An object; values are text.",
        default_factory=dict,
    )


OPERATION = Operation(
    resource="workflow",
    name="dispatch",
    label="Run",
    summary="Starts a workflow of GitHub Actions that has the trigger workflow_dispatch.",
    params=Params,
    request=RequestSpec(
        "POST",
        "/repos/{owner}/{repository}/actions/workflows/{workflow}/dispatches",
        body={"ref": "{branch}", "inputs": "{inputs}"},
    ),
    output_example=({},),
)
