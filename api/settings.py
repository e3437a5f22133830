"""The API's settings, from the environment (docs/reference/contracts.md, "Environment of functions")."""

from functools import cache
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from stepweave.aws.secrets import secret

ACCESS_SECONDS: Final = 15 * 60
REFRESH_SECONDS: Final = 30 * 24 * 3600
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
    state_machine_role_arn: str = ""
    scheduler_role_arn: str = ""
    schedule_group: str = ""
    starter_function_arn: str = ""
    data_bucket: str = ""
    catalogue: Path = Field(default_factory=lambda: next(path for path in _CATALOGUES if path.exists()))

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
