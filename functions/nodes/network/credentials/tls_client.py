"""A client certificate, as mutual TLS asks for."""

from functions.nodes.network.credentials.hosts import allowed_hosts_field
from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """The certificate and its key, as PEM."""

    certificate: str = ui(
        ...,
        title="Certificate",
        kind=Kind.MULTILINE,
        placeholder="-----BEGIN CERTIFICATE-----",
        help="PEM, with those between it and the authority behind it, where there are some.",
        min_length=1,
        max_length=60_000,
    )
    private_key: str = ui(
        ...,
        title="Private key",
        kind=Kind.SECRET,
        placeholder="-----BEGIN PRIVATE KEY-----",
        help="PEM.",
        min_length=1,
        max_length=30_000,
    )
    passphrase: str = ui(
        "", title="Passphrase", kind=Kind.SECRET, help="Of a key that is encrypted; else empty.", max_length=1000
    )
    allowed_hosts: str = allowed_hosts_field()


CREDENTIAL = CredentialSpec(
    type="tls_client",
    name="Client certificate",
    icon="file-badge",
    summary="A certificate that shows a server who asks (mutual TLS).",
    docs="A `.p12` or `.pfx` file becomes PEM with `openssl pkcs12 -in client.p12 -nodes`.",
    data=Data,
    hint=("for {allowedHosts}", "a client certificate"),
    sent_to=("{allowedHosts}",),
)
