"""A personal access token of Airtable."""

from stepweave.spec.credentials import CredentialSpec, OnRequest, Probe, Rate
from stepweave.spec.tokens import TokenData

DOCS = """\
Create one at Airtable under **Builder hub, Personal access tokens**, with the scopes `data.records:read`,
`data.records:write` and `schema.bases:read` (the choices in forms come by the last one), and with access to the bases
in question. Airtable takes 5 requests in a second for each base: with one token no more are sent.
"""


CREDENTIAL = CredentialSpec(
    type="airtable_token",
    name="Airtable token",
    icon="key-round",
    summary="A personal access token of Airtable.",
    docs=DOCS,
    data=TokenData,
    hint=("{label}", "token"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"),)),
    hosts=("api.airtable.com", "content.airtable.com"),
    test=Probe(url="https://api.airtable.com/v0/meta/whoami"),
    rate=Rate("5", "1"),
)
