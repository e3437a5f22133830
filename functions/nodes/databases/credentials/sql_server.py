"""A Microsoft SQL Server database, or one of Azure SQL."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where the database is, and who asks."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="db.example.com", min_length=1, max_length=4000)
    port: int = ui(1433, title="Port", kind=Kind.NUMBER, ge=1, le=65535)
    database: str = ui("", title="Database", kind=Kind.TEXT, max_length=128)
    user: str = ui(..., title="User", kind=Kind.TEXT, min_length=1, max_length=200)
    password: str = ui("", title="Password", kind=Kind.SECRET)
    ssl_mode: Literal["disable", "require", "verify-full"] = ui(
        "verify-full",
        title="TLS",
        kind=Kind.SELECT,
        options=[
            ("disable", "disable"),
            ("require", "require"),
            ("verify-full", "verify-full"),
        ],
        help="verify-full checks the server's certificate and name; the others do not.",
    )
    ca: str = ui(
        "",
        title="Certificate of the authority",
        kind=Kind.MULTILINE,
        help="PEM, for verify-full. Empty trusts the public authorities.",
        max_length=20_000,
    )


CREDENTIAL = CredentialSpec(
    type="sql_server",
    name="SQL Server",
    icon="database",
    summary="A Microsoft SQL Server database and its user.",
    data=Data,
    docs="Give it a user of its own, with no more rights than the workflows need.",
    hint=("{user}@{host}:{port}/{database}", "{user}@{host}:{port}"),
    sent_to=("{host}:{port}",),
    tested_by="sql_server",
)
