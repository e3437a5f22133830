"""The connection to a Redis server: to a checked address, by password or ACL, with TLS where the credential says so."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import redis
from redis import exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from functions.nodes.databases.redis.errors import RedisRefused, RedisUnavailable
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.network import addresses_of

_CONNECT_SECONDS: Final = 10.0
_PASSING: Final = frozenset({"LOADING", "TRYAGAIN", "MASTERDOWN", "CLUSTERDOWN", "BUSY", "OOM", "READONLY"})
_REMEDIES: Final = {
    "WRONGTYPE": "Use the operation for the key's type, or another key.",
    "NOAUTH": "Fill in user and password in the credential.",
    "WRONGPASS": "Check user and password in the credential.",
    "NOPERM": "Give the user the right in the server's ACL.",
    "MOVED": "This is a cluster: name the node in the credential that has the key.",
}


class Plain(redis.Connection):
    """A connection to a checked address of the host."""

    def _connect(self) -> socket.socket:
        address = addresses_of(self.host, self.port)[0]
        made = socket.create_connection((address, self.port), self.socket_connect_timeout)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if not isinstance(self, Secure):
            made.settimeout(self.socket_timeout)
        return made


class Secure(redis.SSLConnection, Plain):
    """The same with TLS, whose certificate is of the host's name, and which is agreed on while connecting may last."""

    def _connect(self) -> socket.socket:
        made: socket.socket = super()._connect()  # type: ignore[no-untyped-call]  # redis-py's has no types
        made.settimeout(self.socket_timeout)
        return made


class Server:
    """A server, which is connected to with the first command.

    Args:
        account: the credential's data.
        seconds: how long a command may take.

    Raises:
        CredentialMissing: the credential names no host.
    """

    def __init__(self, account: Mapping[str, Any], seconds: float) -> None:
        host, port = str(account.get("host") or ""), int(account.get("port") or 6379)
        if not host:
            raise CredentialMissing("The credential names no host.", "Complete it.")
        self._place = f"{host}:{port}"
        self._pool = redis.ConnectionPool(**_settings(account, host, port, seconds))

    @contextmanager
    def asked(self) -> Iterator["redis.Redis"]:
        """Yield a client for the commands of an item.

        Raises:
            NodeError: `RedisRefused` or `RedisUnavailable` in place of the client's errors.
        """
        try:
            yield redis.Redis(connection_pool=self._pool)
        except exceptions.RedisError as error:
            raise typed(error, self._place) from None
        except OSError as error:
            words = getattr(error, "verify_message", "") or error.strerror or str(error)
            raise _unavailable(self._place, words) from None

    def close(self) -> None:
        """Close the connections."""
        self._pool.disconnect()


def _settings(account: Mapping[str, Any], host: str, port: int, seconds: float) -> dict[str, Any]:
    is_secure = account.get("tls", True)
    certificate = str(account.get("certificate") or "")
    return {
        "host": host,
        "port": port,
        "db": int(account.get("database") or 0),
        "username": account.get("user") or None,
        "password": account.get("password") or None,
        "socket_connect_timeout": min(_CONNECT_SECONDS, seconds),
        "socket_timeout": seconds,
        "protocol": 2,  # of 3, the client would follow a server that says it moves
        "retry": Retry(NoBackoff(), 0),  # a command that was perhaps done is not sent again behind the node's back
        "client_name": "stepweave",
        "max_connections": 2,
        "connection_class": Secure if is_secure else Plain,
        **({"ssl_ca_data": certificate} if is_secure and certificate else {}),
    }


def typed(error: Exception, server: str) -> NodeError:
    """Return the typed error for one of redis-py's, in Redis's own words."""
    words = " ".join(str(error).split())[:500]
    code = words.split(" ")[0] if words.split(" ")[0].isupper() else _code_of(error)
    if isinstance(error, exceptions.TimeoutError):
        return _unavailable(server, "it did not answer in time")
    is_told = isinstance(error, exceptions.ResponseError | exceptions.AuthenticationError)
    if isinstance(error, exceptions.BusyLoadingError) or code in _PASSING:
        return _unavailable(server, words, code)
    if isinstance(error, exceptions.ConnectionError) and not is_told:
        return _unavailable(server, words)
    remedy = _REMEDIES.get(code, "Check the key, the value and the command.")
    return RedisRefused(f"Redis refuses: {words}.", remedy, details={"code": code})


def _code_of(error: Exception) -> str:
    codes = {
        exceptions.MovedError: "MOVED",
        exceptions.NoPermissionError: "NOPERM",
        exceptions.AuthenticationError: "WRONGPASS",
        exceptions.ReadOnlyError: "READONLY",
        exceptions.OutOfMemoryError: "OOM",
    }
    return next((code for kind, code in codes.items() if isinstance(error, kind)), "ERR")


def _remedy(words: str) -> str:
    told = words.lower()
    if "wrong version" in told or "record layer" in told or "handshake" in told:
        return "The port may not speak TLS: take TLS off in the credential, or write the port that does."
    if "closed by server" in told or "reset by peer" in told:
        return "The port may speak TLS only: switch TLS on in the credential; or try again."
    return "Check host, port and TLS in the credential (a port that does not speak TLS may say nothing); try again."


def _unavailable(server: str, words: str, code: str = "") -> RedisUnavailable:
    return RedisUnavailable(
        f"No answer from Redis at {server}: {words}.",
        _remedy(words),
        details={"code": code} if code else {},
    )
