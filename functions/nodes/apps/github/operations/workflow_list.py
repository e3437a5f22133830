"""Lists the workflows of GitHub Actions."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec


class Params(Listed, Repository):
    """Which repository."""


OPERATION = Operation(
    resource="workflow",
    name="list",
    label="List",
    summary="Lists the workflows of GitHub Actions.",
    params=Params,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/actions/workflows"),
    items="workflows",
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"id": 161335, "name": "CI", "path": ".github/workflows/ci.yml", "state": "active"},),
)
