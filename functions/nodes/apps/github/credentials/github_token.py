"""A personal access token of GitHub."""

from stepweave.spec.credentials import CredentialSpec, OnRequest, Probe
from stepweave.spec.tokens import TokenData

DOCS = """\
Create one at GitHub under **Settings, Developer settings, Personal access tokens**. A fine-grained token for the
repositories in question is enough; reading and writing issues needs the permission *Issues*, saving files *Contents*.
"""


CREDENTIAL = CredentialSpec(
    type="github_token",
    name="GitHub token",
    icon="key-round",
    summary="A personal access token of GitHub, classic or fine-grained.",
    docs=DOCS,
    data=TokenData,
    hint=("{label}", "token"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"),)),
    hosts=("api.github.com",),
    test=Probe(url="https://api.github.com/user"),
)
