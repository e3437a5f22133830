"""An account with Anthropic."""

from stepweave.spec.credentials import CredentialData, CredentialSpec, OnRequest, Probe
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """The key, and where it goes."""

    api_key: str = ui(..., title="API key", kind=Kind.SECRET, min_length=1, pattern=r"^[!-~]*$", max_length=1000)
    base_url: str = ui(
        "https://api.anthropic.com",
        title="Base URL",
        kind=Kind.TEXT,
        help="Of Anthropic, or of a server that speaks its API. The address before /v1/messages.",
        placeholder="https://api.anthropic.com",
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        max_length=2000,
    )


CREDENTIAL = CredentialSpec(
    type="anthropic",
    name="Anthropic",
    icon="bot",
    summary="Claude's models.",
    docs="Keys are made at platform.claude.com, under *API keys*.",
    data=Data,
    hint=("{baseUrl}",),
    on_request=OnRequest(headers=(("authorization", "Bearer {apiKey}"), ("anthropic-version", "2026-10-21"))),
    sent_to=("{baseUrl}",),
    test=Probe("{baseUrl}/v1/models"),
)
