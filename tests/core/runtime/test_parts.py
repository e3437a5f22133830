"""The smaller parts of the runtime: the vault, previews, stored files, addresses, the Lambda adapter, errors."""

import io
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from functions.nodes.flow.no_op.run import run as no_op
from functions.nodes.flow.no_op.spec import SPEC as NO_OP
from stepweave.aws import AwsError
from stepweave.runtime import adapter, errors
from stepweave.runtime.authentication import Authentication, CredentialNotForHost
from stepweave.runtime.credentials import Vault, vault_function
from stepweave.runtime.errors import (
    CredentialMissing,
    CredentialTypeMismatch,
    CredentialUnavailable,
    DataMissing,
    DataTooLarge,
    NodeError,
)
from stepweave.runtime.network import AddressForbidden, ConnectionFailed, addresses_of, is_public
from stepweave.runtime.previews import preview
from tests.fakes.steps import TENANT, Outside, items, payload

# Credentials


def asked(answer: Any) -> tuple[Vault, list[dict[str, str]]]:
    requests: list[dict[str, str]] = []

    def invoke(request: dict[str, str]) -> Any:
        requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Vault(invoke), requests


def test_a_worker_asks_once_for_a_credential_of_a_tenant() -> None:
    vault, requests = asked({"type": "smtp", "data": {"host": "h"}})
    for tenant in ("t1", "t1", "t2"):
        assert vault.get(tenant, "c", "smtp") == {"host": "h"}
    assert [request["tenantId"] for request in requests] == ["t1", "t2"]
    assert requests[0] == {"tenantId": "t1", "credentialId": "c", "type": "smtp"}


def test_a_credential_is_asked_for_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepweave.runtime.credentials.KEPT_SECONDS", -1.0)
    vault, requests = asked({"type": "smtp", "data": {}})
    vault.get("t", "c", "smtp")
    vault.get("t", "c", "smtp")
    assert len(requests) == 2


@pytest.mark.parametrize(
    ("id", "answer", "kind", "words"),
    [
        ("", None, CredentialMissing, "No credential is chosen"),
        ("c", {"error": {"message": "There is none."}}, CredentialMissing, "There is none"),
        ("c", None, CredentialMissing, "not there"),
        ("c", {"type": "postgres", "data": {}}, CredentialTypeMismatch, "of type postgres, but the node needs smtp"),
        (
            "c",
            {"error": {"code": "CredentialTypeMismatch", "message": "It is of type “Mailbox (IMAP)” (imap)."}},
            CredentialTypeMismatch,
            "Mailbox",
        ),
        ("c", AwsError("FunctionError", "secret words"), CredentialUnavailable, r"\(FunctionError\)"),
    ],
)
def test_a_credential_that_cannot_be_had(id: str, answer: Any, kind: type[NodeError], words: str) -> None:
    vault, _ = asked(answer)
    with pytest.raises(kind, match=words) as caught:
        vault.get("t", id, "smtp")
    assert "secret words" not in str(caught.value)


def test_how_a_credential_goes_with_a_request() -> None:
    request = {"headers": [["X-Key", "hush"]], "query": [["v", "1"]]}
    vault, requests = asked({"type": "shop", "data": {}, "request": request, "hosts": ["api.shop.example"]})
    made = vault.authentication("t", "c", "shop")
    assert made == Authentication((("X-Key", "hush"),), (("v", "1"),), ("api.shop.example",))
    assert "hush" not in repr(made)
    assert vault.get("t", "c", "shop") == {}
    assert len(requests) == 1


def test_what_is_no_http_credential_goes_with_no_request() -> None:
    vault, _ = asked({"type": "smtp", "data": {}, "request": None, "hosts": []})
    with pytest.raises(CredentialTypeMismatch, match="smtp cannot be sent with an HTTP request"):
        vault.authentication("t", "c", "smtp")


@pytest.mark.parametrize(
    ("hosts", "host", "may"),
    [
        ((), "anywhere.example", True),
        (("api.shop.example",), "api.shop.example", True),
        (("api.shop.example",), "evil.api.shop.example", False),
        (("api.shop.example",), "xapi.shop.example", False),
        (("*.shop.example",), "api.shop.example", True),
        (("*.shop.example",), "a.b.shop.example", True),
        (("*.shop.example",), "shop.example", False),
        (("*.shop.example",), "evilshop.example", False),
        (("straße.de",), "xn--strae-oqa.de", True),
        (("a\u0300\u2028b",), "ab", False),
        (("*",), "anywhere.example", True),
        (("other.example", "127.0.0.1"), "127.0.0.1", True),
    ],
)
def test_a_credential_goes_to_its_hosts_only(hosts: tuple[str, ...], host: str, may: bool) -> None:
    authentication = Authentication(hosts=hosts)
    if may:
        authentication.check(host)
    else:
        with pytest.raises(CredentialNotForHost, match="only to"):
            authentication.check(host)


def test_a_vault_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_VAULT_FUNCTION", raising=False)
    with pytest.raises(CredentialUnavailable, match="STEPWEAVE_VAULT_FUNCTION"):
        vault_function()({})


# Large data


def test_a_preview_shows_first_items_or_a_shortened_one() -> None:
    many = items(*({"n": n} for n in range(1000)))
    assert preview(many) == many[: len(preview(many))]
    assert len(json.dumps(preview(many))) <= 2048
    deep = {"text": "x" * 5000, "list": list(range(5000)), "a": {"b": {"c": {"d": {"e": 1}}}}}
    [short] = preview(items(deep))
    assert short["json"]["text"] == "x" * 200 + "…"
    assert short["json"]["list"] == list(range(10))
    assert short["json"]["a"] == {"b": {"c": {"d": {}}}}
    assert preview(items({f"k{n}": "x" * 200 for n in range(50)}), 100) == []
    assert preview([]) == []


def test_files_are_stored_and_fetched_by_reference() -> None:
    outside = Outside()
    ref = outside.claims.store_file(
        f"{TENANT}/f", io.BytesIO(b"abc"), size=3, sha256="x", mime_type="text/plain", file_name="a.txt"
    )
    assert (ref["size"], ref["fileName"]) == (3, "a.txt")
    target = io.BytesIO()
    outside.claims.fetch_file(ref, TENANT, target)
    assert target.getvalue() == b"abc"
    with pytest.raises(DataMissing):
        outside.claims.fetch_file(ref, "other", io.BytesIO())
    with pytest.raises(DataMissing, match="no longer"):
        outside.claims.fetch_file({**ref, "key": f"{TENANT}/gone"}, TENANT, io.BytesIO())
    outside.storage.down = True
    with pytest.raises(errors.StorageUnavailable):
        outside.claims.store_file(f"{TENANT}/f", io.BytesIO(), size=0, sha256="", mime_type="")


def test_items_that_changed_in_storage_are_not_used() -> None:
    outside = Outside()
    batch = outside.claims.store(f"{TENANT}/k", items({"a": 1}))
    outside.storage.put("data", f"{TENANT}/k", b"[]")
    with pytest.raises(DataMissing, match="changed"):
        outside.claims.fetch(batch, TENANT)


def test_a_batch_has_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stepweave.runtime.claims.MOST_BATCH_BYTES", 1000)
    with pytest.raises(DataTooLarge, match="carries at most"):
        Outside().claims.store("k", items({"t": "x" * 2000}))


# Addresses


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00:ec2::254", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        # What the review of issue 15 got past an earlier check with.
        ("64:ff9b:1::a00:1", False),
        ("::10.0.0.1", False),
        ("::8.8.8.8", False),
        ("::ffff:0:10.0.0.1", False),
        ("fec0::1", False),
        ("5f00::1", False),
        ("3fff::1", False),
        ("3fff:fff::1", False),
        ("192.0.0.192", False),
        ("192.88.99.1", False),
        ("168.63.129.16", False),
        ("2001:0:a00:1::", False),
        ("3ffe::1", True),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_private_host_is_forbidden_unless_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", raising=False)
    with pytest.raises(AddressForbidden, match=r"localhost is inside a private network"):
        addresses_of("localhost", 80)
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    assert "127.0.0.1" in addresses_of("localhost", 80)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "0",
        "localhost",
        "LOCALHOST",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:7f00:1",
        socket.gethostname(),
    ],
)
def test_the_platforms_own_servers_are_no_hosts_of_a_workflow(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setenv("STEPWEAVE_PLATFORM_ADDRESSES", '{"Redis": "127.0.0.1:8405", "AWS": "127.0.0.1:4566"}')
    with pytest.raises(AddressForbidden, match=r"the platform's own Redis"):
        addresses_of(host, 8405)
    with pytest.raises(AddressForbidden, match=r"the platform's own AWS"):
        addresses_of(host, 4566)
    assert addresses_of(host, 8403)


def test_a_server_of_the_platform_elsewhere_is_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    monkeypatch.setenv("STEPWEAVE_PLATFORM_ADDRESSES", '{"Postgres": "10.1.2.3:5432", "Redis": "nowhere.invalid:5432"}')
    with pytest.raises(AddressForbidden, match=r"Postgres"):
        addresses_of("10.1.2.3", 5432)
    assert addresses_of("10.1.2.4", 5432) == ["10.1.2.4"]
    assert addresses_of("10.1.2.3", 5433) == ["10.1.2.3"]
    assert addresses_of("127.0.0.1", 5432) == ["127.0.0.1"]


@pytest.mark.parametrize("host", ["nowhere.invalid", "a" * 80 + ".example", "\udcff"])
def test_a_host_without_an_address_is_named(host: str) -> None:
    with pytest.raises(ConnectionFailed, match="has no address"):
        addresses_of(host, 80)


# The adapter


class Left:
    def get_remaining_time_in_millis(self) -> int:
        return 5000


def test_the_adapter_runs_a_step_with_its_environments_services(monkeypatch: pytest.MonkeyPatch) -> None:
    outside = Outside()
    monkeypatch.setattr(adapter, "services", lambda: outside.services)
    handler: Callable[[Any, Any], Any] = adapter.lambda_node(NO_OP, no_op)
    result = handler(payload(NO_OP, {}, items({"a": 1})), Left())
    assert result == {"output": {"main": {"count": 1, "items": [{"json": {"a": 1}}]}}}
    assert [event["type"] for event in outside.events] == ["node.started", "node.succeeded"]


def test_the_adapter_reads_its_services_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    adapter.services.cache_clear()
    monkeypatch.setenv("STEPWEAVE_EVENTS_QUEUE_URL", "http://queue")
    monkeypatch.setenv("STEPWEAVE_DATA_BUCKET", "bucket")
    assert adapter.services() is adapter.services()
    adapter.services.cache_clear()


# Errors


def every_error() -> list[type[NodeError]]:
    return [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, NodeError)]


def test_the_tree_in_the_docstring_is_the_tree_of_classes() -> None:
    lines = (errors.__doc__ or "").splitlines()
    for kind in every_error():
        line = next(line for line in lines if kind.__name__ in line.split())
        assert (f"{kind.__name__} *" in line) is kind.retryable, line
