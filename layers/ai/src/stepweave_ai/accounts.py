"""Accounts with providers, as their credentials have them (`functions/nodes/ai/credentials`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

OPENAI_URL: Final = "https://api.openai.com/v1"
ANTHROPIC_URL: Final = "https://api.anthropic.com"


@dataclass(frozen=True, slots=True)
class Keys:
    """Who asks AWS, and where.

    Attributes:
        access_key: the id of the access key; "" where there is an API key instead.
        secret_key: its secret.
        session_token: of temporary keys; "" for others.
        region: its name.
        role: the ARN of a role that the key takes on; "" for none.
        external_id: what the role's trust policy asks for; "" for nothing.
        endpoint: of something else than AWS; "" for AWS.
    """

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(repr=False)
    region: str
    role: str
    external_id: str = field(repr=False)
    endpoint: str


@dataclass(frozen=True, slots=True)
class Account:
    """Whose model it is.

    Attributes:
        provider: the credential's type: `openai` (and whoever speaks its API), `anthropic`, `bedrock`.
        base_url: where its API is, without a slash at the end.
        key: the secret; "" where the server wants none.
        organization: of OpenAI; "" for the key's own.
        has_tools: False where none of its models has tool calls; else their server says so when it is asked.
        keys: of AWS, where the provider is Bedrock.
        prices: what the tenant says that models cost, by model (`stepweave.spec.prices.RATES`).
    """

    provider: str
    base_url: str
    key: str = field(repr=False)
    organization: str = ""
    has_tools: bool = True
    keys: Keys | None = None
    prices: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)

    @property
    def host(self) -> str:
        """Who is asked, for messages."""
        return urlsplit(self.base_url).netloc

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own server, which has newer names for some settings."""
        return self.provider == "openai" and self.base_url == OPENAI_URL


def account_of(type: str, data: Mapping[str, Any]) -> Account:
    """Return the account of a credential: its type and its data."""
    if type == "bedrock":
        return _bedrock(data)
    usual = ANTHROPIC_URL if type == "anthropic" else OPENAI_URL
    base_url = str(data.get("baseUrl") or usual).rstrip("/")
    if type == "anthropic":
        base_url = base_url.removesuffix("/v1")  # the SDK puts it there
    return Account(
        type,
        base_url,
        str(data.get("apiKey") or ""),
        organization=str(data.get("organization") or ""),
        has_tools=data.get("tools") != "schema",
        prices=data.get("prices") or {},
    )


def _bedrock(data: Mapping[str, Any]) -> Account:
    def given(name: str) -> str:
        return str(data.get(name) or "")

    endpoint, region = given("endpoint").rstrip("/"), given("region")
    keys = Keys(
        given("accessKeyId"),
        given("secretAccessKey"),
        given("sessionToken"),
        region=region,
        role=given("roleArn"),
        external_id=given("externalId"),
        endpoint=endpoint,
    )
    base_url = endpoint or f"https://bedrock-runtime.{region}.amazonaws.com"
    return Account("bedrock", base_url, given("apiKey"), keys=keys, prices=data.get("prices") or {})
