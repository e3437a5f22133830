"""Rights in the data bucket are lent for one execution, to whoever has its pass, and are asked for once."""

import fnmatch
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from functions.system.storage import handler as storage
from functions.system.storage.lending import SECONDS, Lender, policy_of
from stepweave.aws import Aws, AwsError
from stepweave.aws.passes import SECRET, Bearer, pass_of
from stepweave.aws.roles import Taken
from stepweave.aws.signing import Credentials
from stepweave.runtime import adapter
from stepweave.runtime.errors import ContextRefused, StorageUnavailable
from stepweave.runtime.leases import Leases
from tests.fakes.lambda_context import CONTEXT
from tests.fakes.steps import Outside
from tests.fixtures.servers import Databases
from tests.fixtures.tenants import Tenant
from tests.functions.system.cloud import Cloud, serving
from tests.functions.system.messages import context_of

TENANT, OTHER, EXECUTION, ORIGIN = (str(uuid.UUID(int=number)) for number in range(1, 5))
ROLE = "arn:aws:iam::1:role/stepweave-test-items"


def allowed(policy: dict[str, Any], action: str, key: str) -> bool:
    """Whether a policy that only allows does so: as IAM compares, where `*` stands for anything."""
    return any(
        action in ([one["Action"]] if isinstance(one["Action"], str) else one["Action"])
        and any(
            fnmatch.fnmatchcase(f"arn:aws:s3:::data/{key}", pattern)
            for pattern in ([one["Resource"]] if isinstance(one["Resource"], str) else one["Resource"])
        )
        for one in policy["Statement"]
    )


@pytest.mark.parametrize(
    ("key", "reads", "writes"),
    [
        (f"{TENANT}/{EXECUTION}/a/1-main.json", True, True),
        (f"{TENANT}/{ORIGIN}/a/talk-0", True, True),
        (f"{TENANT}/{OTHER}/a/1-main.json", True, False),
        (f"{OTHER}/{EXECUTION}/a/1-main.json", False, False),
        (f"{TENANT}x/{EXECUTION}/a", False, False),
        (f"{TENANT}/{EXECUTION}x/a", True, False),
    ],
)
def test_an_execution_writes_its_own_and_reads_its_tenants(key: str, reads: bool, writes: bool) -> None:
    policy = policy_of(Bearer(TENANT, "w", EXECUTION), ORIGIN, "data")
    assert (allowed(policy, "s3:GetObject", key), allowed(policy, "s3:PutObject", key)) == (reads, writes)


def test_an_ask_stores_files_of_its_tenant_alone() -> None:
    policy = policy_of(Bearer(TENANT), "", "data")
    assert allowed(policy, "s3:PutObject", f"{TENANT}/polled/file")
    assert not allowed(policy, "s3:PutObject", f"{OTHER}/polled/file")


@pytest.mark.parametrize("bad", ["*", f"{TENANT[:-1]}?", "", "${aws:username}"])
def test_nothing_that_iam_takes_for_a_pattern_gets_into_a_policy(bad: str) -> None:
    for bearer, origin in ((Bearer(bad, "w", EXECUTION), ""), (Bearer(TENANT, "w", bad or "*"), "")):
        with pytest.raises(ValueError, match=r"UUID|base 16"):
            policy_of(bearer, origin, "data")


@pytest.fixture
def cloud(databases: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    caches = (storage.lender, storage.passes, storage.link, Aws.shared)
    with serving() as made:
        for name, value in {
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "k",
            "AWS_SECRET_ACCESS_KEY": "s",
            "AWS_ENDPOINT_URL": made.url,
            "STEPWEAVE_DATA_BUCKET": "data",
            "STEPWEAVE_DATABASE_URL": databases.app,
            "STEPWEAVE_ITEMS_ROLE_ARN": ROLE,
            SECRET: "the-key",
        }.items():
            monkeypatch.setenv(name, value)
        for one in caches:
            one.cache_clear()
        yield made
        Aws.shared().close()
        storage.link().close()
        for one in caches:
            one.cache_clear()


class Roles:
    """STS in memory."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.taken: list[tuple[str, str]] = []
        self.seconds = seconds

    def take(self, role_arn: str, session: str, policy: dict[str, Any], seconds: int) -> Taken:
        self.taken.append((role_arn, session))
        return Taken(Credentials(f"key-{len(self.taken)}", "secret", "token"), time.time() + self.seconds)


def test_rights_are_lent_again_while_they_last() -> None:
    roles, bearer = Roles(), Bearer(TENANT, "w", EXECUTION)
    lender = Lender(roles, ROLE, "data")
    assert lender.lend(bearer) == lender.lend(bearer)
    lender.lend(Bearer(OTHER, "w", EXECUTION))
    assert roles.taken == [(ROLE, EXECUTION)] * 2
    short = Lender(Roles(seconds=60), ROLE, "data")
    assert [short.lend(bearer)["accessKey"] for _ in range(2)] == ["key-1", "key-2"]


def test_a_forged_pass_is_lent_nothing(cloud: Cloud, tenants: tuple[Tenant, Tenant]) -> None:
    own = pass_of(context_of(tenants[0]))
    for forged in ({}, None, {**own, "tenantId": str(tenants[1].id)}, {**own, "origin": str(tenants[1].id)}):
        assert storage.handler({"pass": forged}, CONTEXT)["error"]["code"] == "ContextRefused"
    assert cloud.asked == []


def test_a_worker_asks_once_for_an_execution() -> None:
    asked: list[Any] = []

    def lend(request: dict[str, Any]) -> Any:
        asked.append(request)
        return {"accessKey": "k", "secretKey": "s", "sessionToken": "t", "until": time.time() + 3600}

    leases = Leases(lend, lambda credentials: credentials)  # type: ignore[arg-type, return-value]
    one = {"tenantId": TENANT, "executionId": EXECUTION, "signature": "x", "workflowName": "W"}
    assert leases.storage(one) is leases.storage(one)
    leases.storage({**one, "executionId": ORIGIN, "signature": "y"})
    assert [request["pass"]["executionId"] for request in asked] == [EXECUTION, ORIGIN]
    assert "workflowName" not in asked[0]["pass"]


def test_who_is_refused_or_not_answered_is_told_so() -> None:
    def away(_: dict[str, Any]) -> Any:
        raise AwsError("ConnectionFailed", "secret words", retryable=True)

    def refusing(_: dict[str, Any]) -> Any:
        return {"error": {"code": "ContextRefused", "message": "No.", "remedy": "Run it again."}}

    with pytest.raises(StorageUnavailable, match="ConnectionFailed"):
        Leases(away, lambda _: None).storage(TENANT)  # type: ignore[arg-type, return-value]
    with pytest.raises(ContextRefused, match=r"No\."):
        Leases(refusing, lambda _: None).storage(TENANT)  # type: ignore[arg-type, return-value]


def test_a_step_stores_with_what_its_execution_was_lent(monkeypatch: pytest.MonkeyPatch) -> None:
    outside, asked = Outside(), []

    def storage_of(who: Any) -> Any:
        asked.append(who)
        return outside.storage

    lent = type("Lent", (), {"storage": staticmethod(storage_of)})()
    monkeypatch.setattr(adapter, "services", lambda: outside.services)
    monkeypatch.setattr(adapter, "lent_storage", lambda: lent)
    claims = adapter.services_for({"tenantId": TENANT}).claims
    assert asked == []  # a step without large data asks for nothing
    claims.store(f"{TENANT}/{EXECUTION}/a/1-main.json", [{"json": {}}])
    assert asked == [{"tenantId": TENANT}]
    assert list(outside.storage.objects) == [(claims.bucket, f"{TENANT}/{EXECUTION}/a/1-main.json")]
