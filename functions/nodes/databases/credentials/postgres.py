"""A Postgres database: a DSN, or its parts."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where the database is, and who asks."""

    dsn: str = ui(
        "",
        title="Connection URL",
        kind=Kind.SECRET,
        help="postgresql://user:password@host:5432/database. Leave it empty to fill in the parts below.",
        max_length=4000,
    )
    host: str = ui(
        "",
        title="Host",
        kind=Kind.TEXT,
        placeholder="db.example.com",
        required_when_shown=True,
        unless="dsn",
        max_length=4000,
    )
    port: int = ui(5432, title="Port", kind=Kind.NUMBER, unless="dsn", ge=1, le=65535)
    database: str = ui("", title="Database", kind=Kind.TEXT, required_when_shown=True, unless="dsn", max_length=4000)
    user: str = ui("", title="User", kind=Kind.TEXT, required_when_shown=True, unless="dsn", max_length=4000)
    password: str = ui("", title="Password", kind=Kind.SECRET, unless="dsn")
    ssl_mode: Literal["disable", "prefer", "require", "verify-full"] = ui(
        "verify-full",
        title="SSL mode",
        kind=Kind.SELECT,
        options=[
            ("disable", "disable"),
            ("prefer", "prefer"),
            ("require", "require"),
            ("verify-full", "verify-full"),
        ],
        unless="dsn",
        help="verify-full checks the server's certificate and name; the others do not.",
    )
    ca: str = ui(
        "",
        title="Certificate of the authority",
        kind=Kind.MULTILINE,
        help="PEM, for verify-full. Empty trusts the public authorities.",
        unless="dsn",
        max_length=20_000,
    )


CREDENTIAL = CredentialSpec(
    type="postgres",
    name="Postgres",
    icon="database",
    summary="A Postgres database and its user.",
    data=Data,
    hint=("{user}@{host}:{port}/{database}", "by DSN"),
    sent_to=("{host}:{port}",),
    tested_by="database",
)
