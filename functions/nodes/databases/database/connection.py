"""The connection to the user's database, from its credential."""

import ssl
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from functions.nodes.databases.database.failures import typed
from functions.nodes.databases.database.reading import adapters
from stepweave.runtime.errors import CredentialMissing
from stepweave.runtime.network import addresses_of, private_allowed
from stepweave.runtime.sql.sockets import tls_context

_CONNECT_SECONDS: Final = 10.0
_ALLOWED: Final = frozenset(
    {"host", "port", "dbname", "user", "password", "sslmode", "channel_binding", "target_session_attrs", "options"}
)
"""Settings a DSN may have. Others name files or services of the machine the node runs on."""


def connect(account: Mapping[str, Any], *, seconds: float) -> psycopg.Connection[Any]:
    """Return a connection.

    Args:
        account: the credential's data: `dsn`, or `host`, `port`, `database`, `user`, `password`, `sslMode`, `ca`.
        seconds: the step's seconds left.

    Raises:
        CredentialMissing: the credential is incomplete or has a setting that is not allowed.
        AddressForbidden: the host is not public.
        ConnectionFailed: the host has no address.
        DatabaseError: the server refuses the log-in.
        DatabaseUnavailable: the server cannot be reached.
    """
    settings = _settings(account)
    try:
        with _trusted(account, settings) as trusted:
            return psycopg.connect(
                autocommit=True,
                connect_timeout=max(2, int(min(_CONNECT_SECONDS, seconds))),
                application_name="stepweave",
                client_encoding="UTF8",
                context=adapters(),
                prepare_threshold=None,  # poolers between us and the server do not keep prepared statements
                **(settings | trusted),
            )
    except psycopg.Error as error:
        raise typed(error) from None


def _settings(account: Mapping[str, Any]) -> dict[str, Any]:
    if account.get("dsn"):
        try:
            settings: dict[str, Any] = conninfo_to_dict(str(account["dsn"]))
        except psycopg.ProgrammingError:
            raise CredentialMissing(
                "The database's address (DSN) cannot be read.", "Write postgresql://user:password@host:5432/database."
            ) from None
        if refused := settings.keys() - _ALLOWED:
            raise CredentialMissing(
                f"The database's address has a setting that is not allowed: {sorted(refused)[0]}.", "Take it out."
            )
    else:
        names = {"host": "host", "port": "port", "database": "dbname", "user": "user", "password": "password"}
        settings = {ours: account[theirs] for theirs, ours in names.items() if account.get(theirs)}
        if account.get("sslMode"):
            settings["sslmode"] = account["sslMode"]
    if not private_allowed():
        settings.setdefault("sslmode", "verify-full")  # libpq's own default does without TLS where there is none
    host = str(settings.get("host") or "")
    if not host:
        raise CredentialMissing("The database's credential names no host.", "Complete the credential.")
    if not (host.startswith("/") and private_allowed()):
        # The name goes along for the certificate; the connection goes to the checked address.
        settings["hostaddr"] = addresses_of(host, int(settings.get("port") or 5432))[0]
    return settings


@contextmanager
def _trusted(account: Mapping[str, Any], settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Give libpq the file of the authorities to trust, which it wants for `verify-full`. Raises CredentialMissing."""
    if settings.get("sslmode") not in ("verify-ca", "verify-full"):
        yield {}
        return
    authority = "" if account.get("dsn") else str(account.get("ca") or "").strip().replace("\\n", "\n")
    if not authority:
        yield {"sslrootcert": ssl.get_default_verify_paths().cafile or "system"}
        return
    tls_context({"sslMode": "verify-full", "ca": authority})
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(authority)
        file.flush()
        yield {"sslrootcert": file.name}
