"""Log-ins to SSH servers with a credential of type `ssh`. Needs the layer `ssh` (asyncssh).

The connection goes to a checked address, and only to a server that shows one of the keys that the credential names.
Nothing of the machine that the node runs on counts: no agent, no configuration, no known hosts, no keys.
"""

import base64
import hashlib
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Final

from stepweave.runtime.errors import CredentialMissing, NodeError
from stepweave.runtime.network import addresses_of

if TYPE_CHECKING:
    import asyncssh

SSH_ERRORS: Final = ("SshHostKeyUnknown", "SshRefused", "SshUnavailable", "ConnectionFailed", "AddressForbidden")
"""What every node that logs in by SSH can fail with."""
SSH_RETRYABLE: Final = ("SshUnavailable", "ConnectionFailed")

_CONNECT_SECONDS: Final = 15.0
_FINGERPRINT: Final = re.compile(r"SHA256:([A-Za-z0-9+/]{43})=?")
_PUBLIC_KEY: Final = re.compile(r"(?:^|\s)(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-\S+\s+(AAAA[A-Za-z0-9+/]+=*)")
_FAMILIES: Final = (
    ("ssh-ed25519",),
    ("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"),
    ("rsa-sha2-512", "rsa-sha2-256"),
)
"""Kinds of keys that a server has one each of, and shows the one that is asked for."""


class SshHostKeyUnknown(NodeError):
    """The server shows another key than the credential names, or it names none. `details.fingerprint` has it."""


class SshRefused(NodeError):
    """The server does not let the user in: the password, the key or the user is wrong, or it takes other ways."""


class SshUnavailable(NodeError):
    """No connection to the server, it broke, or the server did not answer in time."""

    retryable = True


def fingerprints(text: str) -> frozenset[str]:
    """Return the fingerprints (`SHA256:...`) that a credential's host key names.

    Args:
        text: lines with a fingerprint, a public key, or a line of `known_hosts` each.

    Raises:
        CredentialMissing: a line is none of these.
    """
    found: set[str] = set()
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("#"):
            continue
        if given := _FINGERPRINT.search(line):
            found.add(f"SHA256:{given[1]}")
        elif given := _PUBLIC_KEY.search(line):
            found.add(_fingerprint(base64.b64decode(f"{given[1].rstrip('=')}==")))
        else:
            raise CredentialMissing(
                f"The host key in the credential cannot be read: “{line[:60]}”.",
                "Write fingerprints (SHA256:...) or lines of known_hosts.",
            )
    return frozenset(found)


@asynccontextmanager
async def logged_in(account: Mapping[str, Any], seconds: float) -> AsyncIterator["asyncssh.SSHClientConnection"]:
    """Log in for the block.

    Args:
        account: the credential's data.
        seconds: how long the log-in may take at most.

    Raises:
        CredentialMissing: the credential is incomplete, or its private key cannot be read.
        NodeError: what `SSH_ERRORS` names.
    """
    connection = await log_in(account, seconds)
    try:
        yield connection
    finally:
        connection.abort()


async def log_in(account: Mapping[str, Any], seconds: float) -> "asyncssh.SSHClientConnection":
    """Return a connection of a user who is logged in. Arguments and errors as of `logged_in`."""
    known = fingerprints(str(account.get("hostKey") or ""))
    settings = _settings(account, min(_CONNECT_SECONDS, seconds))
    shown: dict[str, str] = {}
    left = [*_FAMILIES]
    algorithms: tuple[str, ...] = ()
    while True:
        connection = await _attempt(account, settings, known, shown, algorithms)
        if connection is not None:
            return connection
        # The server has showed a key that is not named; it may have one of another kind that is.
        left = [family for family in left if not any(_is_of(kind, family) for kind in shown)]
        if not known or not left or algorithms == left[0]:
            raise _unknown(account, known, shown)
        algorithms = left.pop(0)


async def _attempt(
    account: Mapping[str, Any],
    settings: Mapping[str, Any],
    known: frozenset[str],
    shown: dict[str, str],
    algorithms: tuple[str, ...],
) -> "asyncssh.SSHClientConnection | None":
    """Connect; return None where the server shows a key that is not known, which is then among those `shown`."""
    import asyncssh

    place = f"{account['host']}:{settings['port']}"

    class Client(asyncssh.SSHClient):
        """Looks at the server's key."""

        def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:
            shown[key.get_algorithm()] = _fingerprint(key.public_data)
            return shown[key.get_algorithm()] in known

    before = len(shown)
    kinds = {"server_host_key_algs": list(algorithms)} if algorithms else {}
    try:
        return await asyncssh.connect(client_factory=Client, **settings, **kinds)
    except asyncssh.HostKeyNotVerifiable:
        return None
    except asyncssh.KeyExchangeFailed as error:
        if algorithms and len(shown) == before:
            shown[algorithms[0]] = ""  # the server has no key of this kind
            return None
        raise SshRefused(f"{place} speaks no way of SSH that is safe: {error}.", "Update the server.") from None
    except asyncssh.ConnectionLost as error:
        # The server may hang up before our own end of the talk is told why: it has no key of this kind, or ours was no.
        if len(shown) > before:
            return None
        if algorithms:
            shown[algorithms[0]] = ""
            return None
        raise unavailable(place, error) from None
    except asyncssh.PermissionDenied as error:
        raise _denied(account, place, str(error.reason)) from None
    except (asyncssh.Error, OSError, TimeoutError) as error:
        raise unavailable(place, error) from None


def unavailable(place: str, error: Exception) -> SshUnavailable:
    """Return the error of a connection that could not be made, or broke."""
    said = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else getattr(error, "reason", "")
    words = str(said or error) or "it took too long"
    return SshUnavailable(
        f"No connection to the SSH server {place}: {' '.join(words.split())[:300]}.",
        "Check host and port in the credential, and that the server runs; try again.",
    )


def _settings(account: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    host, user = str(account.get("host") or ""), str(account.get("user") or "")
    password, key = str(account.get("password") or ""), str(account.get("privateKey") or "")
    if not host or not user:
        raise CredentialMissing("The credential names no host or no user.", "Complete it.")
    if not password and not key:
        raise CredentialMissing("The credential has neither a password nor a private key.", "Fill in one of both.")
    port = int(account.get("port") or 22)
    return {
        "host": addresses_of(host, port)[0],
        "port": port,
        "username": user,
        "password": password or None,
        "client_keys": [_private_key(key, str(account.get("passphrase") or ""))] if key else None,
        "known_hosts": ([], [], []),  # so `validate_host_public_key` is asked
        "config": None,
        "agent_path": None,
        "gss_host": None,
        "x509_trusted_certs": None,
        "client_version": "stepweave",
        "connect_timeout": seconds,
        "login_timeout": seconds,
        "keepalive_interval": 30,
    }


def _private_key(text: str, passphrase: str) -> Any:
    import asyncssh

    whole = text.strip().replace("\\n", "\n").replace("\r\n", "\n")
    if whole.startswith("PuTTY-User-Key-File"):
        raise CredentialMissing(
            "The private key is one of PuTTY.", "Convert it: puttygen KEY.ppk -O private-openssh -o KEY."
        )
    try:
        return asyncssh.import_private_key(f"{whole}\n", passphrase or None)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError, ValueError, TypeError):
        raise CredentialMissing(
            "The private key in the credential cannot be read, or its passphrase is another.",
            "Paste the whole text, from -----BEGIN to -----END, and its passphrase where it has one.",
        ) from None


def _denied(account: Mapping[str, Any], place: str, reason: str) -> SshRefused:
    gave = " and ".join(
        words for name, words in (("privateKey", "a private key"), ("password", "a password")) if account.get(name)
    )
    words = reason.strip().rstrip(".") or "permission denied"
    return SshRefused(
        f"{place} does not let {account['user']} in with {gave}: {words}.",
        "Check user, password and key in the credential; the public key must be in the user's authorized_keys.",
    )


def _unknown(account: Mapping[str, Any], known: frozenset[str], shown: Mapping[str, str]) -> SshHostKeyUnknown:
    seen = {kind: one for kind, one in shown.items() if one}
    told = ", ".join(f"{one} ({kind})" for kind, one in seen.items()) or "no key of a kind that is asked for"
    details = {"fingerprint": next(iter(seen.values()), ""), "fingerprints": seen}
    place = f"{account['host']}:{account.get('port') or 22}"
    if known:
        return SshHostKeyUnknown(
            f"{place} shows a key that the credential does not name: {told}. Somebody may stand between.",
            "Ask who runs the server whether its key was changed; then write the new one into the credential.",
            details=details,
        )
    return SshHostKeyUnknown(
        f"The credential does not say which key {place} has. The server shows {told}.",
        "Compare it with what who runs the server says, and write it into Host key in the credential.",
        details=details,
    )


def _is_of(kind: str, family: tuple[str, ...]) -> bool:
    return kind in family or (kind == "ssh-rsa" and family[0].startswith("rsa-"))


def _fingerprint(public: bytes) -> str:
    return f"SHA256:{base64.b64encode(hashlib.sha256(public).digest()).decode().rstrip('=')}"
