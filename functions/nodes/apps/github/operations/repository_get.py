"""Reads a repository."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.operations import Operation, RequestSpec

OPERATION = Operation(
    resource="repository",
    name="get",
    label="Get",
    summary="Reads a repository.",
    params=Repository,
    request=RequestSpec("GET", "/repos/{owner}/{repository}"),
    output_example=({"id": 1296269, "full_name": "octocat/hello-world", "default_branch": "main", "private": False},),
)
