"""Parameters that GitHub's operations share."""

from stepweave.spec.fields import Kind, NodeParams, ui
from stepweave.spec.options import OptionsFrom
from stepweave.spec.parts import Text


class Repository(NodeParams):
    """Which repository."""

    owner: Text = ui(..., title="Owner", kind=Kind.TEXT, placeholder="octocat", min_length=1, max_length=100)
    repository: Text = ui(
        ...,
        title="Repository",
        kind=Kind.TEXT,
        placeholder="hello-world",
        options_from=OptionsFrom("repositories", needs=("credential", "owner"), searches=True),
        min_length=1,
        max_length=100,
    )


class Numbered(Repository):
    """Which issue or pull request of a repository."""

    number: int = ui(..., title="Number", kind=Kind.NUMBER, ge=1)
