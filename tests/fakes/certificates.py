"""Certificates made on the spot: an authority, what it signs, and one that has expired."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Made:
    """A certificate and its key."""

    certificate: x509.Certificate
    private: ec.EllipticCurvePrivateKey

    @cached_property
    def pem(self) -> str:
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def key(self, passphrase: str = "") -> str:
        how = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
        return self.private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how).decode()

    def server(self, asks_for: str = "") -> ssl.SSLContext:
        """Return the settings of a server with this certificate; it wants clients' of the authority `asks_for`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with NamedTemporaryFile("w") as file:
            Path(file.name).write_text(self.pem + self.key())
            context.load_cert_chain(file.name)
        if asks_for:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(cadata=asks_for)
        return context


def made(name: str, by: Made | None = None, *, authority: bool = False, expired: bool = False) -> Made:
    """Return a certificate for a name and 127.0.0.1, signed by another or by itself."""
    private = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = NOW - timedelta(days=30)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(NOW - timedelta(days=1) if expired else NOW + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    if not authority:
        names = [x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return Made(builder.sign(by.private if by else private, hashes.SHA256()), private)
