"""A server of HashiCorp Vault, or OpenBao, from whose KV store other credentials take their secrets."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where it is, and the token."""

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
        ...,
        title="Token",
        kind=Kind.SECRET,
        help="Of a policy that reads what credentials may name, and nothing else.",
        min_length=1,
        max_length=8000,
        pattern=r"^[!-~]+$",
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


CREDENTIAL = CredentialSpec(
    type="hashicorp_vault",
    name="HashiCorp Vault",
    icon="vault",
    summary="A server of HashiCorp Vault or OpenBao: other credentials take their secrets from its KV store.",
    docs="Write `secret://<id of this credential>/<path>#<key>` into a secret field of another credential. "
    "The token needs `read` on `<mount>/data/<path>`; renew it outside of Stepweave, or use one that does not end.",
    data=Data,
    hint=("{address}",),
    sent_to=("{address}",),
)
