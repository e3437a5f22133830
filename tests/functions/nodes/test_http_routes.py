"""The way to the server: certificates of one's own, mutual TLS, proxies, and no address that is not public."""

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from functions.nodes.network.http_request.run import run
from functions.nodes.network.http_request.spec import SPEC
from stepweave.runtime import network
from stepweave.runtime.authentication import CredentialNotForHost
from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http import connections
from stepweave.runtime.http.caller import Pace
from stepweave.runtime.http_errors import HttpRateLimited, TooManyRedirects
from stepweave.runtime.network import AddressForbidden, ConnectionFailed
from tests.fakes.certificates import Made, made
from tests.fakes.proxy import proxy_server
from tests.fakes.steps import Bench, items
from tests.fakes.web import Exchange, web_server

ONE = items({})
AUTHORITY = made("Shop CA", authority=True)
SERVER = made("localhost", AUTHORITY)
CLIENT = made("worker", AUTHORITY)


@pytest.fixture
def node() -> Bench:
    return Bench(SPEC, run)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK", "1")
    yield
    for pool in connections.pools.values():
        pool.close()
    connections.pools.clear()


def ok(exchange: Exchange) -> None:
    exchange.answer(200, json.dumps({"path": exchange.asked.path}).encode(), content_type="application/json")


def secure(by: Made = SERVER, asks_for: str = "") -> Any:
    return web_server(by.server(asks_for))


# Whose certificates are trusted


def test_an_authority_of_ones_own_is_trusted_where_it_is_given(node: Bench) -> None:
    with secure() as web:
        web.routes["/"] = ok
        with pytest.raises(ConnectionFailed, match="certificate that cannot be trusted"):
            node({"url": web.url()}, ONE)
        assert node.json({"url": web.url(), "caCertificate": AUTHORITY.pem}, ONE) == [{"path": "/"}]
        with pytest.raises(ConnectionFailed):
            node({"url": web.url()}, ONE)  # the connection of the trusting request is not shared


def test_a_self_signed_certificate_is_trusted_where_it_is_given_itself(node: Bench) -> None:
    alone = made("localhost")
    with secure(alone) as web:
        web.routes["/"] = ok
        assert node.json({"url": web.url(), "caCertificate": alone.pem}, ONE) == [{"path": "/"}]


@pytest.mark.parametrize("by", [made("localhost", AUTHORITY, expired=True), made("other", authority=True)])
def test_what_is_expired_or_of_another_is_not(node: Bench, by: Made) -> None:
    with secure(by) as web:
        web.routes["/"] = ok
        with pytest.raises(ConnectionFailed):
            node({"url": web.url(), "caCertificate": AUTHORITY.pem}, ONE)
        assert node.json({"url": web.url(), "unverifiedHosts": "x.example, 127.0.0.1"}, ONE) == [{"path": "/"}]
        with pytest.raises(ConnectionFailed):
            node({"url": web.url(), "unverifiedHosts": "x.example"}, ONE)


@pytest.mark.parametrize("text", ["no PEM", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"])
def test_an_authority_that_is_none_is_named(node: Bench, text: str) -> None:
    with pytest.raises(ParameterInvalid, match="no certificate in PEM"):
        node({"url": "https://127.0.0.1:1/", "caCertificate": text}, ONE)


# Mutual TLS


@pytest.mark.parametrize("passphrase", ["", "secret"])
def test_a_client_certificate_is_shown(node: Bench, passphrase: str) -> None:
    data = {"certificate": CLIENT.pem, "privateKey": CLIENT.key(passphrase), "passphrase": passphrase}
    node.outside.credentials["c", "tls_client"] = data
    with secure(asks_for=AUTHORITY.pem) as web:
        web.routes["/"] = ok
        with pytest.raises(ConnectionFailed):
            node({"url": web.url(), "caCertificate": AUTHORITY.pem}, ONE)
        given = {"url": web.url(), "caCertificate": AUTHORITY.pem, "clientCertificate": "c"}
        assert node.json(given, ONE) == [{"path": "/"}]


@pytest.mark.parametrize(
    "data",
    [
        {"certificate": CLIENT.pem, "privateKey": SERVER.key()},
        {"certificate": "x", "privateKey": "y"},
        {"certificate": CLIENT.pem, "privateKey": CLIENT.key("secret"), "passphrase": "wrong"},
        {"certificate": CLIENT.pem, "privateKey": CLIENT.key("secret")},
    ],
)
def test_a_client_certificate_that_cannot_be_used_is_named_without_its_key(node: Bench, data: dict[str, str]) -> None:
    node.outside.credentials["c", "tls_client"] = data
    with pytest.raises(ParameterInvalid, match="client certificate") as caught:
        node({"url": "https://127.0.0.1:1/", "clientCertificate": "c"}, ONE)
    assert "PRIVATE" not in str(caught.value.to_json())


def test_a_client_certificate_is_bound_to_its_hosts_and_not_shown_where_a_redirect_leads(node: Bench) -> None:
    data = {"certificate": CLIENT.pem, "privateKey": CLIENT.key(), "allowedHosts": "api.example.com"}
    node.outside.credentials["c", "tls_client"] = data
    with pytest.raises(CredentialNotForHost):
        node({"url": "https://127.0.0.1:1/", "clientCertificate": "c"}, ONE)
    node.outside.credentials["c", "tls_client"] = {**data, "allowedHosts": ""}
    with secure(asks_for=AUTHORITY.pem) as web, secure(asks_for=AUTHORITY.pem) as other:
        other.routes["/"] = ok
        web.routes["/"] = lambda exchange: exchange.answer(302, location=other.url())
        with pytest.raises(ConnectionFailed):
            Bench(SPEC, run, node.outside)(
                {"url": web.url(), "caCertificate": AUTHORITY.pem, "clientCertificate": "c"}, ONE
            )
        assert (len(web.asked), other.asked) == (1, [])


# Proxies


@pytest.mark.parametrize("target", ["http", "https"])
@pytest.mark.parametrize("with_tls", [False, True])
def test_requests_are_tunnelled_to_the_address_that_was_checked(
    node: Bench, target: str, with_tls: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy_tls = SERVER.server() if with_tls else None
    context = SERVER.server()
    trusting = connections._tls.__wrapped__()
    trusting.load_verify_locations(cadata=AUTHORITY.pem)
    monkeypatch.setattr(connections, "_tls", lambda: trusting)
    with web_server(context if target == "https" else None) as web, proxy_server("u", "p", proxy_tls) as proxy:
        web.routes["/"] = ok
        url = f"{'https' if with_tls else 'http'}://127.0.0.1:{proxy.port}"
        node.outside.credentials["p", "http_proxy"] = {"url": url, "user": "u", "password": "p"}
        given = {"url": web.url().replace("127.0.0.1", "localhost"), "proxy": "p"}
        assert node.json(given, ONE) == [{"path": "/"}]
        assert proxy.asked == [f"CONNECT 127.0.0.1:{web.port} HTTP/1.0"]
        node.outside.credentials["p", "http_proxy"] = {"url": url, "user": "u", "password": "wrong"}
        with pytest.raises(ConnectionFailed, match=r"refused to connect .* 407 Proxy Auth") as caught:
            Bench(SPEC, run, node.outside)(given, ONE)
        assert "wrong" not in str(caught.value.to_json())


def test_a_proxy_that_is_not_there_is_named(node: Bench) -> None:
    node.outside.credentials["p", "http_proxy"] = {"url": "http://127.0.0.1:1"}
    with pytest.raises(ConnectionFailed, match=r"through the proxy 127\.0\.0\.1:1: Connection refused"):
        node({"url": "http://127.0.0.1:2/", "proxy": "p"}, ONE)


def resolves(monkeypatch: pytest.MonkeyPatch, **hosts: list[str]) -> None:
    def answer(host: str, port: int, **_: Any) -> list[Any]:
        found = hosts.get(host.partition(".")[0], [host])
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://inside.example/", "http://public.example:3128"),
        ("http://public.example/", "http://inside.example:3128"),
    ],
)
def test_no_proxy_leads_inside(node: Bench, monkeypatch: pytest.MonkeyPatch, url: str, proxy: str) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    resolves(monkeypatch, inside=["10.0.0.7"], public=["93.184.216.34"])
    node.outside.credentials["p", "http_proxy"] = {"url": proxy}
    with pytest.raises(AddressForbidden, match=r"inside\.example"):
        node({"url": url, "proxy": "p"}, ONE)


# Addresses

INSIDE = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "0xA9FEA9FE",
    "172.16.0.1",
    "192.168.0.1",
    "192.0.0.192",
    "168.63.129.16",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[0:0:0:0:0:ffff:7f00:1]",
    "[100::1]",
    "[2001:0:7f00:1::1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "localhost",
    "LOCALHOST.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
]


@pytest.mark.parametrize("host", INSIDE)
def test_no_address_inside_is_reached(node: Bench, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    with pytest.raises((AddressForbidden, ParameterInvalid)):
        node({"url": f"http://{host}:1/"}, ONE)


def test_of_a_name_with_both_kinds_of_addresses_the_public_ones_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
    resolves(monkeypatch, both=["10.0.0.7", "93.184.216.34", "::ffff:127.0.0.1"])
    assert network.addresses_of("both.example", 80) == ["93.184.216.34"]


def test_a_redirect_does_not_lead_inside(node: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    with web_server() as web:
        web.routes["/"] = lambda exchange: exchange.answer(302, location="http://169.254.169.254/latest")
        monkeypatch.setattr(network, "is_public", lambda address: address == "127.0.0.1")
        monkeypatch.delenv("STEPWEAVE_ALLOW_PRIVATE_NETWORK")
        with pytest.raises(AddressForbidden, match=r"169\.254"):
            node({"url": web.url()}, ONE)


# Redirects and pace


def test_redirects_as_far_as_is_allowed_and_with_the_method_where_it_is_kept(node: Bench) -> None:
    with web_server() as web:
        web.routes["/"] = lambda exchange: exchange.answer(301, location="/a")
        web.routes["/a"] = lambda exchange: exchange.answer(302, location="/b")
        web.routes["/b"] = lambda exchange: exchange.answer(
            200, json.dumps({"m": exchange.asked.method, "b": exchange.asked.body.decode()}).encode()
        )
        post = {"url": web.url(), "method": "POST", "bodyKind": "text", "textBody": "x", "responseFormat": "json"}
        assert node.json(post, ONE) == [{"m": "GET", "b": ""}]
        assert node.json({**post, "keepMethod": True}, ONE) == [{"m": "POST", "b": "x"}]
        with pytest.raises(TooManyRedirects, match="after 1 redirects"):
            node({**post, "mostRedirects": 1}, ONE)


def test_requests_wait_for_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    pace = Pace(4)
    for _ in range(3):
        pace.wait(101.0)
    assert slept == [0.25, 0.5]
    with pytest.raises(HttpRateLimited, match="4 requests a second") as caught:
        pace.wait(100.5)
    assert caught.value.retry_after == 0.75
    Pace().wait(0)
