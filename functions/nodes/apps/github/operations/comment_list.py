"""Lists the comments on an issue or a pull request."""

from functions.nodes.apps.github.fields import Numbered
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec


class Params(Listed, Numbered):
    """Whose comments."""


OPERATION = Operation(
    resource="comment",
    name="list",
    label="List",
    summary="Lists the comments on an issue or a pull request.",
    params=Params,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/issues/{number}/comments"),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"id": 1, "body": "Me too", "user": {"login": "octocat"}},),
)
