"""Lists the repositories that the account may see."""

from typing import Literal

from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec


class Params(Listed):
    """Which repositories."""

    visibility: Literal["all", "public", "private"] = ui(
        "all",
        title="Which",
        kind=Kind.SELECT,
        expression=False,
        options=[("all", "All"), ("public", "Public"), ("private", "Private")],
    )


OPERATION = Operation(
    resource="repository",
    name="list",
    label="List",
    summary="Lists the repositories that the account may see.",
    params=Params,
    request=RequestSpec("GET", "/user/repos", query=(("visibility", "{visibility}"), ("sort", "updated"))),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"id": 1296269, "full_name": "octocat/hello-world", "default_branch": "main", "private": False},),
)
