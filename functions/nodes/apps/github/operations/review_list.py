"""Lists the reviews of a pull request."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec


class Params(Listed, Numbered):
    """Which pull request."""


OPERATION = Operation(
    resource="review",
    name="list",
    label="List",
    summary="Lists the reviews of a pull request.",
    params=Params,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/pulls/{number}/reviews"),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"id": 80, "state": "APPROVED", "user": {"login": "octocat"}},),
)
