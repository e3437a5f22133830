"""How connections are made where that is not the usual way: a proxy, a client certificate, who is trusted."""

import base64
import hashlib
import os
import ssl
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from stepweave.runtime.errors import ParameterInvalid
from stepweave.runtime.http.url import Target

_MARK: Final = "-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that connections are tunnelled through.

    Attributes:
        target: where it is.
        authorization: the header `Proxy-Authorization`; "" for none.
    """

    target: Target
    authorization: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What shows a server who asks.

    Attributes:
        chain: PEM: the certificate, and those behind it.
        key: PEM.
        passphrase: of the key; "" for none.
    """

    chain: str
    key: str = field(repr=False)
    passphrase: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """A way to servers.

    Attributes:
        proxy: None for none.
        certificate: for the server that is asked, not for one that it redirects to.
        authorities: PEM of certificates that are trusted besides the public ones; "" for none.
        unverified: hosts whose certificate is not checked.
    """

    proxy: Proxy | None = None
    certificate: ClientCertificate | None = None
    authorities: str = ""
    unverified: frozenset[str] = frozenset()

    def elsewhere(self) -> "Route":
        """Return the way to another server than the one that the request is for."""
        return replace(self, certificate=None)

    def key(self, host: str) -> str:
        """Return what tells connections to `host` apart that must not be shared."""
        certificate = self.certificate
        parts = (
            self.proxy.target.url if self.proxy else "",
            self.proxy.authorization if self.proxy else "",
            f"{certificate.chain}\0{certificate.key}\0{certificate.passphrase}" if certificate else "",
            self.authorities,
            str(host in self.unverified),
        )
        return hashlib.sha256("\0\0".join(parts).encode()).hexdigest() if any(parts[:4]) or parts[4] == "True" else ""

    def tls(self, host: str) -> ssl.SSLContext:
        """Return the TLS settings for a host.

        Raises:
            ParameterInvalid: the authorities or the certificate cannot be read.
        """
        made = ssl.create_default_context()
        if self.authorities:
            _trust(made, self.authorities)
        if host in self.unverified:
            made.check_hostname = False
            made.verify_mode = ssl.CERT_NONE
        if self.certificate is not None:
            _show(made, self.certificate)
        return made


def basic(user: str, password: str) -> str:
    """Return the header of a proxy's basic authentication (RFC 7617); "" for none."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}" if user or password else ""


def _trust(made: ssl.SSLContext, authorities: str) -> None:
    try:
        if _MARK not in authorities:
            raise ValueError("it has no -----BEGIN CERTIFICATE-----")
        made.load_verify_locations(cadata=authorities)
    except (ValueError, ssl.SSLError) as error:
        raise ParameterInvalid(
            f"The certificate authority is no certificate in PEM ({_words(error)}).",
            "Paste the whole file, from -----BEGIN CERTIFICATE----- on.",
            details={"field": "params.caCertificate"},
        ) from None
    # A self-signed certificate of a server is trusted as such, though it may not sign others.
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT


def _show(made: ssl.SSLContext, certificate: ClientCertificate) -> None:
    """Load a certificate. OpenSSL reads it from files, which are there for that moment only."""
    text = f"{certificate.chain.strip()}\n{certificate.key.strip()}\n"
    handle, path = tempfile.mkstemp()  # readable by nobody else
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
        # Without a passphrase OpenSSL would ask for it at the terminal.
        made.load_cert_chain(path, password=lambda: certificate.passphrase)
    except (ssl.SSLError, ValueError, OSError) as error:
        raise ParameterInvalid(
            f"The client certificate or its key cannot be used ({_words(error)}).",
            "Check in the credential that both are PEM, that they belong together, and the passphrase.",
            details={"field": "params.clientCertificate"},
        ) from None
    finally:
        Path(path).unlink()


def _words(error: Exception) -> str:
    reason = getattr(error, "reason", None)
    return (reason or str(error) or type(error).__name__).replace("_", " ").lower()
