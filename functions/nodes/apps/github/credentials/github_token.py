"""A personal access token of GitHub."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui

DOCS = """\
Create one at GitHub under **Settings, Developer settings, Personal access tokens**. A fine-grained token for the
repositories in question is enough; reading and writing issues needs the permission *Issues*, saving files *Contents*.
"""


class Data(CredentialData):
    """The token."""

    label: str = ui("", title="Account", kind=Kind.TEXT, help="Whose token it is; for you only.", max_length=200)
    token: str = ui(..., title="Token", kind=Kind.SECRET, min_length=1, max_length=1000, pattern=r"^[!-~]+$")


CREDENTIAL = CredentialSpec(
    type="github_token",
    name="GitHub token",
    icon="key-round",
    summary="A personal access token of GitHub, classic or fine-grained.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "token"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"),)),
    hosts=("api.github.com",),
    test=Probe(url="https://api.github.com/user"),
)
