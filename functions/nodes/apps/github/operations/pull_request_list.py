"""Lists the pull requests of a repository, the newest first."""

from typing import Literal

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Listed, Repository):
    """Which pull requests."""

    state: Literal["open", "closed", "all"] = ui(
        "open",
        title="State",
        kind=Kind.SELECT,
        expression=False,
        options=[("open", "Open"), ("closed", "Closed"), ("all", "All")],
    )
    base: Text = ui("", title="Into branch", kind=Kind.TEXT, group="options", max_length=250)


OPERATION = Operation(
    resource="pull_request",
    name="list",
    label="List",
    summary="Lists the pull requests of a repository, the newest first.",
    params=Params,
    request=RequestSpec("GET", "/repos/{owner}/{repository}/pulls", query=(("state", "{state}"), ("base", "{base}"))),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"number": 8, "title": "Mend it", "state": "open", "draft": False, "head": {"ref": "mend"}},),
)
