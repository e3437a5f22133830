"""Lists the releases of a repository, the newest first."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec


class Params(Listed, Repository):
    """Which repository."""


OPERATION = Operation(
    resource="release",
    name="list",
    label="List",
    summary="Lists the releases of a repository, the newest first.",
    params=Params,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/releases"),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=(
        {
            "id": 1,
            "tag_name": "v1.0.0",
            "name": "One",
            "html_url": "https://github.com/o/r/releases/v1.0.0",
        },
    ),
)
