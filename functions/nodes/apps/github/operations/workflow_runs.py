"""Lists runs of GitHub Actions, the newest first."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Listed, Repository):
    """Which runs."""

    workflow: Text = ui(
        ...,
        title="Workflow",
        kind=Kind.TEXT,
        placeholder="ci.yml",
        help="Its file's name or id.",
        min_length=1,
        max_length=250,
    )
    status: Text = ui("", title="Status", kind=Kind.TEXT, placeholder="failure", group="options", max_length=30)


OPERATION = Operation(
    resource="workflow",
    name="runs",
    label="List runs",
    summary="Lists runs of GitHub Actions, the newest first.",
    params=Params,
    request=RequestSpec(
        "GET",
        "/repos/{owner}/{repository}/actions/workflows/{workflow}/runs",
        query=(("status", "{status}"),),
    ),
    items="workflow_runs",
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"id": 30433642, "name": "CI", "status": "completed", "conclusion": "success"},),
)
