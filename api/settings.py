"""The API's settings, from the environment (docs/reference/contracts.md, "Environment of functions")."""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from stepweave.aws.secrets import secret

ACCESS_SECONDS: Final = 15 * 60
DAY_SECONDS: Final = 24 * 3600
_CATALOGUES: Final = (
    Path(__file__).parent / "catalog.json",  # in the Lambda bundle
    Path(__file__).parent.parent / "docs" / "reference" / "catalog.json",
)


class Settings(BaseSettings):
    """What a deployment decides."""

    model_config = SettingsConfigDict(env_prefix="STEPWEAVE_", extra="ignore")

    prefix: str = "stepweave-local"
    public_url: str = "http://127.0.0.1:8400"
    redis_url: str = ""
    passkey_domain: str = ""
    """What passkeys belong to (WebAuthn's RP id): the app's host, or a domain above it; "" is the app's host."""
    mail_url: str = ""
    """`ses:` or `smtp://host:port`; empty where no mail is sent."""
    mail_from: str = ""
    rates: str = ""
    """JSON: how often in a minute, by the names of `api.rates`; empty for what stands there."""
    state_machine_role_arn: str = ""
    scheduler_role_arn: str = ""
    schedule_group: str = ""
    starter_function_arn: str = ""
    data_bucket: str = ""
    catalogue: Path = Field(default_factory=lambda: next(path for path in _CATALOGUES if path.exists()))

    session_days: float = Field(default=30, gt=0)
    """How long a session lasts however often it is renewed; then one logs in again."""
    idle_days: float = Field(default=14, gt=0)
    """How long a session lasts that nobody uses."""
    breach_check: bool = False
    """Whether Have I Been Pwned is asked about new passwords (`api.services.passwords.breaches`)."""
    content_url: str = ""
    """Where webhooks, forms and chats are served; empty: where the app is."""

    @property
    def content_origin(self) -> str:
        """Where webhooks, forms and chats are served: a site of its own, where the deployment has one."""
        return (self.content_url or self.public_url).rstrip("/")

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are for HTTPS only: everywhere but on one machine."""
        return self.public_url.startswith("https://")

    def signing_key(self) -> str:
        """Return the key that access tokens are signed with. Raises RuntimeError where none is set."""
        try:
            return secret("STEPWEAVE_JWT_SECRET")
        except KeyError:
            raise RuntimeError("STEPWEAVE_JWT_SECRET or STEPWEAVE_JWT_SECRET_ARN must be set.") from None


@cache
def settings() -> Settings:
    """Return this process's settings."""
    return Settings()
