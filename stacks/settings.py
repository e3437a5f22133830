"""What differs between environments, as values. Nothing else in `stacks/` asks which environment it is."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal, get_args

from stacks.bundling import target
from stacks.bundling.target import Architecture, Target

Env = Literal["local", "dev", "prod"]
LOCAL_REGION: Final = "us-east-1"
LEAST_CONCURRENCY: Final = 500
"""Below it shares would be too small: the recorder alone runs ten times at once, and 100 must be left to the rest."""
LOCAL_SENDER: Final = "no-reply@stepweave.example"
_LOCAL_NEEDS: Final = (
    "STEPWEAVE_DATABASE_URL",
    "STEPWEAVE_REDIS_URL",
    "STEPWEAVE_JWT_SECRET",
    "STEPWEAVE_PUBLIC_URL",
    "STEPWEAVE_CONTENT_URL",
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
    content_url: str
    aws_endpoint: str
    mail_url: str = ""
    platform_addresses: Mapping[str, str] = field(default_factory=dict)
    """Where the platform's own servers listen (`host:port`), by what they are called."""

    def reaching(self, *demo: str) -> dict[str, str]:
        """Return what lets a function reach private addresses, but for the platform's own: all of those but `demo`."""
        closed = {name: place for name, place in self.platform_addresses.items() if name not in demo}
        found = {"STEPWEAVE_ALLOW_PRIVATE_NETWORK": "1"}
        return found | ({"STEPWEAVE_PLATFORM_ADDRESSES": json.dumps(closed)} if closed else {})


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
    content_domain: str | None = None
    content_certificate_arn: str | None = None
    alarm_topic: str | None = None
    former_key: str | None = None
    passkey_domain: str = ""
    """What passkeys belong to (WebAuthn's RP id), where it is a domain above the app's."""
    lambda_concurrency: int = 0
    """How many invocations the account may run at once, of which the platform's own functions get shares; 0: none."""
    mail_from: str = ""
    """The address that the platform's own mail is from; on AWS its domain is verified in SES. Empty: it sends none."""

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
    | `mailFrom` | no mail is sent | the address of the platform's own mail; SES must know its domain |
    | `passkeyDomain` | the app's host | a domain above `domain`, which passkeys belong to: for several apps below it |
    | `contentDomain`, `contentCertificateArn` | CloudFront's own name | of what tenants write; both or none |
    | `formerKeyArn` | none | a KMS key that wrapped data keys before, which still opens them |
    | `alarmTopicArn` | none | the SNS topic that alarms tell |
    | `lambdaConcurrency` | nothing is reserved | the account's limit of invocations at once, 500 at least |

    Raises ContextError.
    """

    text = _texts(context)
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
    domain, certificate = _together(text, "domain", "certificateArn", " (ACM, us-east-1)")
    content, content_certificate = _together(text, "contentDomain", "contentCertificateArn")
    _check_domains(domain, content)
    return Settings(
        env=env,  # type: ignore[arg-type]  # one of Env, as checked above
        region=_region(text("region") or environment.get("CDK_DEFAULT_REGION") or LOCAL_REGION),
        account=text("account"),
        target=target.aws(architecture, text("python") or target.LAMBDA_PYTHON),  # type: ignore[arg-type]  # checked
        log_days=365 if env == "prod" else 14,
        sizes=PROD if env == "prod" else DEV,
        domain=domain,
        certificate_arn=certificate,
        content_domain=content,
        content_certificate_arn=content_certificate,
        alarm_topic=text("alarmTopicArn"),
        former_key=text("formerKeyArn"),
        passkey_domain=_passkey_domain(text("passkeyDomain"), domain),
        lambda_concurrency=_concurrency(text("lambdaConcurrency")),
        mail_from=_mail_from(text("mailFrom")),
    )


def _texts(context: Callable[[str], object]) -> Callable[[str], str | None]:
    """Return what gives a context's values as text; what is empty is not there."""

    def text(key: str) -> str | None:
        value = context(key)
        return str(value) if value not in (None, "") else None

    return text


def _region(wanted: str) -> str:
    if wanted != "us-east-1":
        raise ContextError(
            f"region is {wanted}; a CloudFront firewall must be in us-east-1, and Stepweave deploys to one region.\n"
            "  Give --context region=us-east-1."
        )
    return wanted


def _together(
    text: Callable[[str], str | None], domain: str, certificate: str, where: str = ""
) -> tuple[str | None, str | None]:
    """Return a domain and its certificate: both, or none."""
    found = text(domain), text(certificate)
    if bool(found[0]) != bool(found[1]):
        raise ContextError(f"context {domain} and {certificate} go together: give both{where} or none.")
    return found


def _passkey_domain(wanted: str | None, domain: str | None) -> str:
    """Return a domain that browsers take for passkeys of the app's: its own, or one above it that somebody can own."""
    if not wanted:
        return ""
    from publicsuffixlist import PublicSuffixList

    name, host = wanted.lower().strip("."), (domain or "").lower()
    if not host or not f".{host}".endswith(f".{name}") or PublicSuffixList().privatesuffix(name) is None:
        raise ContextError(
            f"context passkeyDomain is {wanted!r}; it is domain ({domain or 'none is given'}), or yours and above it.\n"
            "  Passkeys that were made for another domain are asked for no more: choose once."
        )
    return name


def _check_domains(domain: str | None, content: str | None) -> None:
    """Refuse a content domain that is of the app's site: its pages could set cookies that the app gets."""
    if not domain or not content:
        return  # CloudFront's own name is a site of its own (cloudfront.net is on the public suffix list)
    from publicsuffixlist import PublicSuffixList

    sites = PublicSuffixList()
    of_app, of_content = (sites.privatesuffix(name) or name for name in (domain.lower(), content.lower()))
    if of_app == of_content:
        raise ContextError(
            f"contentDomain {content} is of the same site as domain {domain} ({of_app}).\n"
            "  What tenants write needs a registrable domain of its own: give another, or leave it out."
        )


def _local(python: str | None, architecture: str | None, environment: Mapping[str, str]) -> Settings:
    missing = [name for name in _LOCAL_NEEDS if not environment.get(name)]
    if missing:
        raise ContextError(
            f"env=local needs {', '.join(missing)} in the environment.\n"
            "  `make up` sets them; see docs/guides/deploy.md for doing it by hand."
        )
    database, redis, jwt, public, content, aws = (environment[name] for name in _LOCAL_NEEDS)
    given = Outside(database, redis, jwt, public, content, aws)
    try:
        addresses = json.loads(environment.get("STEPWEAVE_PLATFORM_ADDRESSES") or "{}")
    except ValueError as error:
        raise ContextError(f"STEPWEAVE_PLATFORM_ADDRESSES is no JSON: {error}.") from None
    outside = replace(given, mail_url=environment.get("STEPWEAVE_MAIL_URL", ""), platform_addresses=addresses)
    built_for = target.this_machine()
    if python:
        built_for = target.aws(architecture or built_for.architecture, python)  # type: ignore[arg-type]  # checked
    sender = LOCAL_SENDER if outside.mail_url else ""
    return Settings("local", LOCAL_REGION, None, built_for, log_days=1, outside=outside, mail_from=sender)


def _concurrency(limit: str | None) -> int:
    if limit is None:
        return 0
    if not limit.isascii() or not limit.isdigit() or int(limit) < LEAST_CONCURRENCY:
        raise ContextError(
            f"context lambdaConcurrency is {limit!r}; it is the account's limit, a number from {LEAST_CONCURRENCY}.\n"
            "  `aws lambda get-account-settings` tells it; AWS raises a smaller one on request (Service Quotas), and\n"
            "  without the setting nothing is reserved."
        )
    return int(limit)


def _mail_from(address: str | None) -> str:
    if address and not all(address.partition("@")):
        raise ContextError(f"context mailFrom is {address!r}; it is an address such as no-reply@example.com.")
    return address or ""
