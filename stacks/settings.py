"""What differs between environments, as values. Nothing else in `stacks/` asks which environment it is."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from stacks.bundling import target
from stacks.bundling.target import Architecture, Target

Env = Literal["local", "dev", "prod"]
LOCAL_REGION: Final = "us-east-1"
_LOCAL_NEEDS: Final = (
    "STEPWEAVE_DATABASE_URL",
    "STEPWEAVE_REDIS_URL",
    "STEPWEAVE_JWT_SECRET",
    "STEPWEAVE_PUBLIC_URL",
    "STEPWEAVE_AWS_ENDPOINT",
)


class ContextError(Exception):
    """The app's context or environment lacks something or has it wrong. `str()` names it and says what it takes."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Servers that run already, on one machine: where the app's functions find them."""

    database_url: str
    redis_url: str
    jwt_secret: str
    public_url: str
    aws_endpoint: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of what is bought on AWS. Capacity units of Aurora are ACU (2 GiB of memory each)."""

    zones: int
    nat_gateways: int
    private_endpoints: tuple[str, ...]
    database_least: float
    database_most: float
    database_readers: int
    backup_days: int
    cache_type: str
    cache_nodes: int
    keep_data: bool
    """Whether deleting a stack leaves its data, and whether the database refuses to be deleted."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One deployment. `outside` is there on one machine, `sizes` on AWS: exactly one of the two."""

    env: Env
    region: str
    account: str | None
    target: Target
    log_days: int
    outside: Outside | None = None
    sizes: Sizes | None = None
    domain: str | None = None
    certificate_arn: str | None = None
    alarm_topic: str | None = None

    @property
    def prefix(self) -> str:
        """Before the name of every resource."""
        return f"stepweave-{self.env}"

    @property
    def on_aws(self) -> Sizes:
        """The sizes. Raises ContextError on one machine, which buys nothing."""
        if self.sizes is None:
            raise ContextError(f"env={self.env} has no AWS sizes.")
        return self.sizes


DEV: Final = Sizes(
    zones=2,
    nat_gateways=1,
    private_endpoints=(),
    database_least=0.5,
    database_most=2,
    database_readers=0,
    backup_days=1,
    cache_type="cache.t4g.micro",
    cache_nodes=1,
    keep_data=False,
)
PROD: Final = Sizes(
    zones=3,
    nat_gateways=3,
    private_endpoints=("kms", "secretsmanager", "sqs"),
    database_least=0.5,
    database_most=16,
    database_readers=1,
    backup_days=14,
    cache_type="cache.t4g.small",
    cache_nodes=2,
    keep_data=True,
)


def read(context: Callable[[str], object], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings that the context asks for.

    | context | default | what |
    | --- | --- | --- |
    | `env` | required | `local`, `dev` or `prod` |
    | `region` | `CDK_DEFAULT_REGION` | AWS region (`us-east-1`, where CloudFront's firewall must live) |
    | `account` | of the credentials | refuse to deploy to any other account |
    | `architecture` | `arm64` | of the functions on AWS: `arm64` or `x86_64` |
    | `python` | 3.13; on one machine `STEPWEAVE_LAMBDA_PYTHON`, else this interpreter | of the functions |
    | `domain`, `certificateArn` | CloudFront's own name | both or none |
    | `alarmTopicArn` | none | the SNS topic that alarms tell |

    Raises ContextError.
    """

    def text(key: str) -> str | None:
        value = context(key)
        return str(value) if value not in (None, "") else None

    env = text("env")
    if env not in get_args(Env):
        raise ContextError(f"context env is {env!r}; give one of: --context env=local, env=dev, env=prod.")
    architecture = text("architecture") or "arm64"
    if architecture not in get_args(Architecture):
        raise ContextError(f"context architecture is {architecture!r}; it is arm64 or x86_64.")
    if env == "local":
        # Functions in containers run another Python than this one (docker-compose.yml).
        return _local(
            text("python") or environment.get("STEPWEAVE_LAMBDA_PYTHON"),
            architecture if text("architecture") else None,
            environment,
        )
    region = text("region") or environment.get("CDK_DEFAULT_REGION") or LOCAL_REGION
    if region != "us-east-1":
        raise ContextError(
            f"region is {region}; a CloudFront firewall must be in us-east-1, and Stepweave deploys to one region.\n"
            "  Give --context region=us-east-1."
        )
    domain, certificate = text("domain"), text("certificateArn")
    if bool(domain) != bool(certificate):
        raise ContextError("context domain and certificateArn go together: give both (ACM, us-east-1) or none.")
    return Settings(
        env=env,  # type: ignore[arg-type]  # one of Env, as checked above
        region=region,
        account=text("account"),
        target=target.aws(architecture, text("python") or target.LAMBDA_PYTHON),  # type: ignore[arg-type]  # checked
        log_days=365 if env == "prod" else 14,
        sizes=PROD if env == "prod" else DEV,
        domain=domain,
        certificate_arn=certificate,
        alarm_topic=text("alarmTopicArn"),
    )


def _local(python: str | None, architecture: str | None, environment: Mapping[str, str]) -> Settings:
    missing = [name for name in _LOCAL_NEEDS if not environment.get(name)]
    if missing:
        raise ContextError(
            f"env=local needs {', '.join(missing)} in the environment.\n"
            "  `make up` sets them; see docs/guides/deploy.md for doing it by hand."
        )
    outside = Outside(*(environment[name] for name in _LOCAL_NEEDS))
    built_for = target.this_machine()
    if python:
        built_for = target.aws(architecture or built_for.architecture, python)  # type: ignore[arg-type]  # checked
    return Settings("local", LOCAL_REGION, None, built_for, log_days=1, outside=outside)
