"""The token of an internal integration of Notion."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe, Rate
from stepweave.spec.fields import Kind, ui

DOCS = """\
Create an *internal integration* at **notion.so/profile/integrations**, and take its secret. Then share with it what it
is to see: at a page or database under **…, Connections**. It sees nothing else, and Notion answers as if it were not
there. Notion takes three requests in a second; no more are sent.
"""


class Data(CredentialData):
    """The token."""

    label: str = ui("", title="Integration", kind=Kind.TEXT, help="Its name; for you only.", max_length=200)
    token: str = ui(..., title="Secret", kind=Kind.SECRET, min_length=1, max_length=1000, pattern=r"^[!-~]+$")


CREDENTIAL = CredentialSpec(
    type="notion_token",
    name="Notion integration",
    icon="key-round",
    summary="The secret of an internal integration of Notion.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "integration"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"), ("Notion-Version", "2025-09-03"))),
    hosts=("api.notion.com",),
    test=Probe(url="https://api.notion.com/v1/users/me"),
    rate=Rate("3", "1"),
)
