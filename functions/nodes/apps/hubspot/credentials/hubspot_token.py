"""An access token of a private app at HubSpot."""

from stepweave.spec.credentials import CredentialSpec, OnRequest, Probe, Rate
from stepweave.spec.tokens import TokenData

CREDENTIAL = CredentialSpec(
    type="hubspot_token",
    name="HubSpot token",
    icon="key-round",
    summary="The access token of a private app at HubSpot.",
    docs="Make a private app at HubSpot (Settings, Integrations), with the scopes `crm.objects.contacts.read` and "
    "`crm.objects.contacts.write`, and those of companies, deals and tickets where they are worked with.",
    data=TokenData,
    hint=("{label}", "token"),
    on_request=OnRequest(headers=(("Authorization", "Bearer {token}"),)),
    hosts=("api.hubapi.com",),
    test=Probe(url="https://api.hubapi.com/account-info/v3/details"),
    rate=Rate("100", "10"),
)
