"""Deletes a release; its tag stays."""

from functions.nodes.apps.github.fields import Repository
from stepweave.spec.fields import Kind, ui
from stepweave.spec.operations import Operation, RequestSpec


class Params(Repository):
    """Which release."""

    release: int = ui(..., title="Release", kind=Kind.NUMBER, help="Its id.", ge=1)


OPERATION = Operation(
    resource="release",
    name="delete",
    label="Delete",
    summary="Deletes a release; its tag stays.",
    params=Params,
    request=RequestSpec("DELETE", "/repos/{owner}/{repository}/releases/{release}"),
    output_example=({},),
)
