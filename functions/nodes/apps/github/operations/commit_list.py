"""Lists commits, the newest first."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import LinkHeader, Listed, Operation, RequestSpec
from stepweave.spec.parts import Text


class Params(Listed, Repository):
    """Which commits."""

    branch: Text = ui("", title="Branch", kind=Kind.TEXT, help="Empty is the default branch.", max_length=250)
    path: Text = ui("", title="Of a file", kind=Kind.TEXT, group="options", max_length=1000)
    since: Text = ui("", title="Since", kind=Kind.TEXT, placeholder="{{ $now }}", group="options", max_length=50)


OPERATION = Operation(
    resource="commit",
    name="list",
    label="List",
    summary="Lists commits, the newest first.",
    params=Params,
    request=RequestSpec(
        "GET",
        "/repos/{owner}/{repository}/commits",
        query=(("sha", "{branch}"), ("path", "{path}"), ("since", "{since}")),
    ),
    paging=LinkHeader(size_query="per_page", size=100),
    output_example=({"sha": "7638417d", "commit": {"message": "Mend it"}},),
)
