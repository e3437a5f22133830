"""Clients of AWS with a tenant's keys: public addresses only, never the function's own keys, proxies or settings."""

import hashlib
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import astuple
from functools import lru_cache
from socket import socket
from threading import Lock
from typing import Any, Final

import botocore.session
from botocore import UNSIGNED
from botocore.awsrequest import AWSHTTPConnection, AWSHTTPConnectionPool, AWSHTTPSConnection, AWSHTTPSConnectionPool
from botocore.config import Config
from botocore.httpsession import URLLib3Session
from urllib3.util import Timeout

from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.metering import current_meter
from stepweave.runtime.network import AddressForbidden, addresses_of, private_allowed
from stepweave_ai.accounts import Account, Keys

_CONNECT_SECONDS: Final = 10.0
_SILENT_SECONDS: Final = 60.0
_MOST_CONNECTIONS: Final = 20
_ROLE_SECONDS: Final = 3600
_EARLY: Final = 300.0
_MOST_ROLES: Final = 64
_Role = tuple[str, str, str]
_roles: Final[dict[str, tuple[float, _Role]]] = {}
"""Keys of roles that were taken on, until they end: by a digest of who took which on."""
_lock: Final = Lock()
_seconds: ContextVar[float] = ContextVar("seconds", default=_SILENT_SECONDS)


@contextmanager
def silent_for(seconds: float) -> Iterator[None]:
    """Let servers that are asked in the block be silent for so long."""
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


def aws_client(account: Account, service: str, *, fresh: bool = False) -> Any:
    """Return a client of a service with an account's keys, those of its role where it has one.

    Args:
        account: of Bedrock.
        service: botocore's name: `bedrock-runtime`, `bedrock`.
        fresh: whether the role is taken on though it was within the hour.

    Raises:
        CredentialMissing: it has neither a key nor an API key.
        AddressForbidden: its endpoint has no TLS.
        botocore.exceptions.BotoCoreError, ClientError: the role cannot be taken on.
    """
    keys = account.keys
    if keys is None or not keys.region or not (account.key or (keys.access_key and keys.secret_key)):
        raise CredentialMissing("The credential has no key or no region.", "Fill in the Amazon Bedrock credential.")
    if account.key:
        return _client(service, keys, bearer=account.key)
    if keys.role:
        return _client(service, keys, _role(keys, fresh=fresh))
    return _client(service, keys, (keys.access_key, keys.secret_key, keys.session_token))


def _role(keys: Keys, *, fresh: bool) -> _Role:
    """Return the keys of a role, which are asked for once for most of an hour unless `fresh` ones are wanted."""
    digest = hashlib.sha256(json.dumps(astuple(keys)).encode()).hexdigest()
    with _lock:
        ends, known = _roles.get(digest, (0.0, None))
    if known is not None and ends > time.monotonic() and not fresh:
        return known
    asked = {"RoleArn": keys.role, "RoleSessionName": "stepweave", "DurationSeconds": _ROLE_SECONDS}
    if keys.external_id:
        asked["ExternalId"] = keys.external_id
    own = _client("sts", keys, (keys.access_key, keys.secret_key, keys.session_token))
    found = own.assume_role(**asked)["Credentials"]
    made = (found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
    with _lock:
        if len(_roles) >= _MOST_ROLES:
            _roles.pop(next(iter(_roles)))
        _roles[digest] = (time.monotonic() + _ROLE_SECONDS - _EARLY, made)
    return made


def _client(service: str, keys: Keys, signing: _Role | None = None, bearer: str = "") -> Any:
    if keys.endpoint and not keys.endpoint.startswith("https://") and not private_allowed():
        words = f"The endpoint {keys.endpoint} has no TLS."
        raise AddressForbidden(words, "Use an endpoint with https:// in the credential.")
    access_key, secret_key, token = signing or ("none", "none", "")
    settings: dict[str, Any] = {
        "retries": {"total_max_attempts": 1},  # the platform retries
        "ignore_configured_endpoint_urls": True,
        "user_agent_extra": "Stepweave/1",
        **({} if signing else {"signature_version": UNSIGNED}),
    }
    with _lock:  # a session is not safe to make clients in several threads
        client: Any = _session().create_client(
            service,
            region_name=keys.region,
            endpoint_url=keys.endpoint or None,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret_key,
            aws_session_token=token or None,
            config=Config(**settings),
        )
    client._endpoint.http_session = _http()  # there is no other way in for connections of one's own
    if bearer:

        def with_key(params: dict[str, Any], **_: Any) -> None:
            params["headers"]["Authorization"] = f"Bearer {bearer}"

        client.meta.events.register("before-call", with_key)
    return client


@lru_cache(maxsize=1)
def _session() -> botocore.session.Session:
    """Return the session of this process: it has what AWS's services are like, and reads no files of settings."""
    nothing = (None, None, os.devnull, None)
    return botocore.session.Session(session_vars={"config_file": nothing, "credentials_file": nothing})


@lru_cache(maxsize=1)
def _http() -> Any:
    """Return the connections of this process, kept from one step to the next. Keys are not in them."""
    made: Any = URLLib3Session(proxies=None, max_pool_connections=_MOST_CONNECTIONS)
    made._manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
    return made


def _connected(connection: Any, connect: Any) -> socket:
    """Return a socket to an address of a connection's host that a node may connect to.

    Raises:
        ConnectionFailed, AddressForbidden: as `addresses_of` says; and what urllib3 does.
    """
    name = connection._dns_host  # what urllib3 resolves; the certificate is checked for `host`, which it gives, too
    addresses = addresses_of(connection.host, connection.port)
    try:
        for address in addresses[:-1]:
            connection._dns_host = address
            try:
                return connect()  # type: ignore[no-any-return]  # urllib3's
            except OSError:
                continue
        connection._dns_host = addresses[-1]
        return connect()  # type: ignore[no-any-return]  # urllib3's
    finally:
        connection._dns_host = name


class _Connection(AWSHTTPConnection):
    def _new_conn(self) -> socket:
        return _connected(self, super()._new_conn)


class _SecureConnection(AWSHTTPSConnection):
    def _new_conn(self) -> socket:
        return _connected(self, super()._new_conn)


class _Asking:
    """Counts requests, and gives each its own time."""

    def urlopen(self, *args: Any, **more: Any) -> Any:
        """Send a request (`urllib3.HTTPConnectionPool.urlopen`)."""
        current_meter().asked(len(more.get("body") or b""))
        seconds = _seconds.get()
        more["timeout"] = Timeout(connect=min(_CONNECT_SECONDS, seconds), read=seconds)
        return super().urlopen(*args, **more)  # type: ignore[misc]  # of the pool beside it


class _Pool(_Asking, AWSHTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(_Asking, AWSHTTPSConnectionPool):
    ConnectionCls = _SecureConnection
