"""A server of HashiCorp Vault, or OpenBao, from whose KV store other credentials take their secrets."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where it is, and the token, or what gets one."""

    address: str = ui(
        ...,
        title="Address",
        kind=Kind.TEXT,
        help="With https://, and without /v1.",
        placeholder="https://vault.example.com:8200",
        pattern=r"^https?://[^\s/?#@]+/?$",
        max_length=500,
    )
    token: str = ui(
        "",
        title="Token",
        kind=Kind.SECRET,
        help="Of a policy that reads what credentials may name, and nothing else. Or leave it empty, for an AppRole.",
        required_when_shown=True,
        unless="roleId",
        max_length=8000,
        pattern=r"^[!-~]*$",
    )
    role_id: str = ui(
        "",
        title="Role ID",
        kind=Kind.TEXT,
        help="Of an AppRole, which logs in by itself for a token each time one is over.",
        required_when_shown=True,
        unless="token",
        max_length=500,
        pattern=r"^[!-~]*$",
    )
    secret_id: str = ui(
        "",
        title="Secret ID",
        kind=Kind.SECRET,
        help="Of the AppRole; one that may be used more than once. Empty where the role binds none.",
        unless="token",
        max_length=8000,
        pattern=r"^[!-~]*$",
    )
    role_mount: str = ui(
        "approle",
        title="Mount of the AppRole",
        kind=Kind.TEXT,
        unless="token",
        pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$",
        max_length=200,
    )
    namespace: str = ui(
        "", title="Namespace", kind=Kind.TEXT, help="Of Vault Enterprise or HCP.", pattern=r"^[!-~]*$", max_length=500
    )
    mount: str = ui(
        "secret",
        title="Mount",
        kind=Kind.TEXT,
        help="Where the KV store (version 2) is mounted.",
        pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$",
        max_length=200,
    )
    ca_certificate: str = ui(
        "",
        title="Certificate authority",
        kind=Kind.MULTILINE,
        placeholder="-----BEGIN CERTIFICATE-----",
        help="PEM. It is trusted besides the public ones: an authority of your own, or a self-signed certificate.",
        max_length=60_000,
    )


CREDENTIAL = CredentialSpec(
    type="hashicorp_vault",
    name="HashiCorp Vault",
    icon="vault",
    summary="A server of HashiCorp Vault or OpenBao: other credentials take their secrets from its KV store.",
    docs="Write `secret://<id of this credential>/<path>#<key>` into a secret field of another credential. "
    "The token, or the AppRole, needs `read` on `<mount>/data/<path>`. A token that ends is renewed outside of "
    "Stepweave; an AppRole gets a new one by itself. *Test* looks the token up; with a path, it reads that "
    "secret and shows nothing of it.",
    data=Data,
    hint=("{address}",),
    sent_to=("{address}",),
)
