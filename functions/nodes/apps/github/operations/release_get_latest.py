"""Reads the latest release that is no draft."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="release",
    name="get_latest",
    label="Get latest",
    summary="Reads the latest release that is no draft.",
    params=Repository,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/releases/latest"),
    output_example=(
        {
            "id": 1,
            "tag_name": "v1.0.0",
            "name": "One",
            "html_url": "https://github.com/o/r/releases/v1.0.0",
        },
    ),
)
