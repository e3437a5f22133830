"""The connection to a MongoDB deployment: to checked addresses only, whatever hosts it names."""

import re
import socket
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import pymongo
from pymongo import errors, pool_shared, uri_parser

from functions.nodes.databases.mongodb.errors import MongoRefused, MongoTimeout, MongoUnavailable
from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.network import addresses_of

_SELECT_SECONDS: Final = 10.0
_ALLOWED: Final = frozenset(
    {
        "authsource",
        "authmechanism",
        "replicaset",
        "readpreference",
        "readpreferencetags",
        "readconcernlevel",
        "maxstalenessseconds",
        "w",
        "wtimeoutms",
        "journal",
        "retrywrites",
        "retryreads",
        "tls",
        "ssl",
        "tlsallowinvalidcertificates",
        "tlsallowinvalidhostnames",
        "directconnection",
        "loadbalanced",
        "appname",
        "uuidrepresentation",
        "srvservicename",
        "srvmaxhosts",
    }
)
"""Options that a connection string may have. Others name files, or keys of the machine that the node runs on."""
_MECHANISMS: Final = frozenset({"DEFAULT", "SCRAM-SHA-1", "SCRAM-SHA-256", "PLAIN"})
_REMEDIES: Final = {
    11000: "A unique index has the value already: change it, or update the document that is there.",
    18: "Check user, password and the database of the user in the credential.",
    8000: "Check user and password in the credential.",
    13: "Give the user the right to do it.",
}
_TIMED_OUT: Final = frozenset({50, 262})
_WORDS: Final = re.compile(r"(?:, full error:| \(configured timeouts| Topology Description|, Timeout:).*", re.DOTALL)


def _connected(address: tuple[str, int | None], options: Any) -> socket.socket:
    """Connect to a checked address of a host, in place of pymongo's own function, for which it has no hook."""
    host, port = address
    if "/" in host:
        raise OSError(f"{host} is no host")
    try:
        checked = addresses_of(host, port or 27017)
    except NodeError as error:
        raise OSError(error.message) from None
    failure: OSError | None = None
    for one in checked:
        try:
            made = socket.create_connection((one, port or 27017), options.connect_timeout)
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made
        except OSError as error:
            failure = error
    raise failure or OSError(f"{host} has no address")


pool_shared._create_connection = _connected


def client_of(account: Mapping[str, Any], seconds: float) -> "pymongo.MongoClient[dict[str, Any]]":
    """Return a client, which connects with its first operation.

    Args:
        account: the credential's data.
        seconds: how long an operation may take at most.

    Raises:
        CredentialMissing: the credential is incomplete, or its connection string cannot be used.
        AddressForbidden: a host is not public.
        ConnectionFailed: no host has an address.
    """
    where = _uri(account) if account.get("uri") else _parts(account)
    timeouts: dict[str, Any] = {
        "serverSelectionTimeoutMS": int(min(_SELECT_SECONDS, seconds) * 1000),
        "connectTimeoutMS": int(min(_SELECT_SECONDS, seconds) * 1000),
        "timeoutMS": int(seconds * 1000),
    }
    try:
        return pymongo.MongoClient(
            **where, **timeouts, appname="stepweave", tz_aware=True, maxPoolSize=2, datetime_conversion="DATETIME_AUTO"
        )
    except (errors.PyMongoError, ValueError) as error:
        raise _unusable(str(error)) from None


def database_of(account: Mapping[str, Any], named: str) -> str:
    """Return the name of the database: the node's, the credential's, or the connection string's.

    Raises:
        CredentialMissing: none is named.
    """
    name = named or str(account.get("database") or "")
    if not name and account.get("uri"):
        name = re.sub(r"^mongodb(\+srv)?://[^/]*/?", "", str(account["uri"]).strip()).partition("?")[0]
    if not name:
        raise CredentialMissing("Neither node nor credential names a database.", "Write it under Options.")
    return name


def typed(error: Exception) -> NodeError:
    """Return the typed error for one of pymongo's, in MongoDB's own words."""
    words = _WORDS.sub("", " ".join(str(error).split()))[:500]
    if isinstance(error, errors.OperationFailure):
        details = error.details or {}
        code = error.code or 0
        if code in _TIMED_OUT:
            return _late()
        told = {"code": code, "codeName": details.get("codeName"), "keyPattern": details.get("keyPattern")}
        given = {name: value for name, value in told.items() if value is not None}
        return MongoRefused(
            f"MongoDB refuses ({code}): {words}.", _REMEDIES.get(code, "Check the query."), details=given
        )
    if isinstance(error, errors.ExecutionTimeout | errors.WTimeoutError):
        return _late()
    if isinstance(error, errors.ConnectionFailure):
        if error.timeout and not isinstance(error, errors.ServerSelectionTimeoutError):
            return _late()
        return MongoUnavailable(
            f"No answer from MongoDB: {words}.",
            "Check that the credential names the right hosts, that they let us in, and TLS; try again.",
        )
    return MongoRefused(f"MongoDB cannot be asked: {words}.", "Check the credential and the values.")


def _late() -> MongoTimeout:
    return MongoTimeout(
        "MongoDB did not end the operation in time.", "An index may help; or raise the time-out under Options."
    )


def _parts(account: Mapping[str, Any]) -> dict[str, Any]:
    host, port = str(account.get("host") or ""), int(account.get("port") or 27017)
    if not host:
        raise CredentialMissing("The credential names no host.", "Complete it.")
    addresses_of(host, port)
    made: dict[str, Any] = {"host": [f"[{host}]:{port}" if ":" in host else f"{host}:{port}"]}
    made["tls"] = bool(account.get("tls", True))
    made["directConnection"] = True
    if account.get("user"):
        made |= {"username": account["user"], "password": str(account.get("password") or "")}
        made["authSource"] = account.get("authSource") or "admin"
    return made


def _uri(account: Mapping[str, Any]) -> dict[str, Any]:
    uri = str(account["uri"]).strip()
    for name, value in parse_qsl(uri.partition("?")[2], keep_blank_values=True):
        refused = name.lower() not in _ALLOWED
        if refused or (name.lower() == "authmechanism" and value.upper() not in _MECHANISMS):
            what = name if refused else f"{name}={value}"
            raise CredentialMissing(
                f"The connection string has an option that is not allowed: {what[:80]}.", "Take it out."
            )
    try:
        parsed = uri_parser.parse_uri(uri, connect_timeout=_SELECT_SECONDS)
    except (errors.PyMongoError, ValueError) as error:
        raise _unusable(str(error)) from None
    failure: NodeError | None = None
    for host, port in parsed["nodelist"]:
        try:
            addresses_of(host, port or 27017)
            return {"host": uri}
        except NodeError as error:
            failure = error
    raise failure or _unusable("it names no host")


def _unusable(words: str) -> CredentialMissing:
    plain = re.sub(r"//[^/@\s]*@", "//…@", " ".join(words.split()))[:300]
    remedy = "Write mongodb://user:password@host:27017/ or mongodb+srv://..., its password percent-encoded."
    return CredentialMissing(f"The connection string cannot be used: {plain}.", remedy)
