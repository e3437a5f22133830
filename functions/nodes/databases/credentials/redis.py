"""A Redis server, or one that speaks its protocol (Valkey, KeyDB, Dragonfly)."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where the server is, and who asks."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="redis.example.com", min_length=1, max_length=255)
    port: int = ui(6379, title="Port", kind=Kind.NUMBER, ge=1, le=65535)
    user: str = ui(
        "",
        title="User",
        kind=Kind.TEXT,
        help="Of an ACL. Empty: the default user, who has the password alone.",
        max_length=255,
    )
    password: str = ui("", title="Password", kind=Kind.SECRET, max_length=4000)
    database: int = ui(0, title="Database", kind=Kind.NUMBER, ge=0, le=1_000_000)
    tls: bool = ui(
        True,
        title="TLS",
        kind=Kind.BOOLEAN,
        help="Off: everything, the password too, goes over the network as it is.",
    )
    certificate: str = ui(
        "",
        title="Certificate of its authority",
        kind=Kind.MULTILINE,
        help="PEM, where the server's certificate is of an authority of your own.",
        max_length=50_000,
    )


CREDENTIAL = CredentialSpec(
    type="redis",
    name="Redis",
    icon="database-zap",
    summary="A Redis server, or one that speaks its protocol.",
    data=Data,
    hint=("{host}:{port}/{database}", "{host}:{port}"),
    sent_to=("{host}:{port}",),
    tested_by="redis",
)
