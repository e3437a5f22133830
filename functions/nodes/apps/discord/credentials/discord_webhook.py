"""A webhook of a channel at Discord, which is an address that is a secret."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe, Rate
from stepweave.spec.fields import Kind, ui

DOCS = """\
In Discord, open **Edit channel, Integrations, Webhooks**, make one, and press **Copy Webhook URL**. Whoever has the
address can post in that channel, so it is kept as a secret. At most 5 messages in 2 seconds go to one webhook.
"""


class Data(CredentialData):
    """The address."""

    label: str = ui("", title="Channel", kind=Kind.TEXT, help="Which one it is; for you only.", max_length=200)
    url: str = ui(
        ...,
        title="Webhook URL",
        kind=Kind.SECRET,
        placeholder="https://discord.com/api/webhooks/…",
        max_length=500,
        pattern=r"^https://(?:\w+\.)?discord(?:app)?\.com/api/(?:v\d+/)?webhooks/\d+/[\w-]+$",
    )


CREDENTIAL = CredentialSpec(
    type="discord_webhook",
    name="Discord webhook",
    icon="link",
    summary="The address by which messages are posted in one channel.",
    docs=DOCS,
    data=Data,
    hint=("{label}", "webhook"),
    on_request=OnRequest(path="{url}", path_after="/webhooks/"),
    hosts=("discord.com",),
    test=Probe(url="https://discord.com/api/v10/webhooks/{credential}"),
    rate=Rate("5", "2"),
)
