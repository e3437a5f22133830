"""Settings: what each environment is, and what wrong context is told."""

import pytest

from stacks.settings import ContextError, read
from tests.stacks.conftest import LOCAL

WITH_DOMAIN = {"env": "prod", "domain": "app.acme.co.uk", "certificateArn": "a"}


def test_each_environment_has_its_own_prefix() -> None:
    assert [read({"env": env}.get, LOCAL).prefix for env in ("local", "dev", "prod")] == [
        "stepweave-local",
        "stepweave-dev",
        "stepweave-prod",
    ]


@pytest.mark.parametrize(
    ("context", "words"),
    [
        ({}, "give one of: --context env=local"),
        ({"env": "staging"}, "context env is 'staging'"),
        ({"env": "dev", "architecture": "riscv"}, "it is arm64 or x86_64"),
        ({"env": "dev", "region": "eu-central-1"}, "must be in us-east-1"),
        ({"env": "prod", "domain": "flows.example.com"}, "give both"),
        ({"env": "prod", "passkeyDomain": "example.com"}, "none is given"),
        (WITH_DOMAIN | {"passkeyDomain": "other.co.uk"}, "above it"),
        (WITH_DOMAIN | {"passkeyDomain": "me.co.uk"}, "above it"),
        (WITH_DOMAIN | {"passkeyDomain": "co.uk"}, "above it"),
        (WITH_DOMAIN | {"passkeyDomain": "x.app.acme.co.uk"}, "above it"),
        ({"env": "prod", "contentDomain": "hooks.example.net"}, "give both or none"),
        ({"env": "prod", "lambdaConcurrency": "10"}, "it is the account's limit, a number from 500"),
        ({"env": "prod", "lambdaConcurrency": "many"}, "get-account-settings"),
        (
            {
                "env": "dev",
                **dict.fromkeys(("certificateArn", "contentCertificateArn"), "arn"),
                "domain": "app.acme.co.uk",
            }
            | {"contentDomain": "hooks.ACME.co.uk"},
            r"same site as domain app.acme.co.uk \(acme.co.uk\)",
        ),
    ],
)
def test_wrong_context_is_told_what_to_give(context: dict[str, str], words: str) -> None:
    with pytest.raises(ContextError, match=words):
        read(context.get, LOCAL)


@pytest.mark.parametrize("domain", ["acme.co.uk", "ACME.co.uk", "app.acme.co.uk"])
def test_passkeys_may_belong_to_a_domain_above(domain: str) -> None:
    assert read((WITH_DOMAIN | {"passkeyDomain": domain}).get, {}).passkey_domain == domain.lower()


def test_content_may_have_a_domain_of_another_site() -> None:
    domains = {"domain": "app.acme.co.uk", "contentDomain": "acme-content.co.uk"}
    found = read({"env": "dev", **domains, "certificateArn": "a", "contentCertificateArn": "b"}.get, {})
    assert (found.content_domain, found.content_certificate_arn) == ("acme-content.co.uk", "b")


def test_one_machine_names_what_its_environment_lacks() -> None:
    lacking = {name: value for name, value in LOCAL.items() if "REDIS" not in name and "JWT" not in name}
    with pytest.raises(ContextError, match=r"env=local needs STEPWEAVE_REDIS_URL, STEPWEAVE_JWT_SECRET in"):
        read({"env": "local"}.get, lacking)


def test_functions_on_one_machine_are_built_for_its_interpreter_unless_they_run_in_containers() -> None:
    here = read({"env": "local"}.get, LOCAL).target
    contained = read({"env": "local", "python": "3.13", "architecture": "arm64"}.get, LOCAL).target
    by_variable = read({"env": "local"}.get, {**LOCAL, "STEPWEAVE_LAMBDA_PYTHON": "3.13"}).target
    assert here.wheels is None
    assert by_variable.python == "3.13"
    assert (contained.python, contained.wheels) == ("3.13", "aarch64-manylinux_2_28")


def test_functions_on_aws_are_built_for_the_asked_architecture() -> None:
    assert read({"env": "dev"}.get, {}).target.wheels == "aarch64-manylinux_2_28"
    assert read({"env": "dev", "architecture": "x86_64"}.get, {}).target.wheels == "x86_64-manylinux_2_28"


def test_one_machine_has_no_sizes() -> None:
    with pytest.raises(ContextError, match="no AWS sizes"):
        _ = read({"env": "local"}.get, LOCAL).on_aws
