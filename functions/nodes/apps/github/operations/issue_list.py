"""Lists the issues of a repository."""

from typing import Literal

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Params(Listed, Repository):
    """Which issues."""

    state: Literal["open", "closed", "all"] = ui(
        "open",
        title="State",
        kind=Kind.SELECT,
        expression=False,
        options=[("open", "Open"), ("closed", "Closed"), ("all", "All")],
    )
    labels: Text = ui(
        "",
        title="Labels",
        kind=Kind.TEXT,
        placeholder="bug,ui",
        help="Those with all of these.",
        options_from=OptionsFrom("labels", needs=("credential", "owner", "repository"), separator=","),
    )
    since: Text = ui("", title="Changed since", kind=Kind.TEXT, placeholder="{{ $now }}", group="options")


OPERATION = Operation(
    resource="issue",
    name="list",
    label="List",
    summary="Lists the issues of a repository, the newest first; pull requests are issues that have `pull_request`.",
    params=Params,
    request=RequestSpec(
        "GET",
        "/repos/{owner}/{repository}/issues",
        query=(("state", "{state}"), ("labels", "{labels}"), ("since", "{since}")),
    ),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"number": 7, "title": "It breaks", "state": "open"},),
)
