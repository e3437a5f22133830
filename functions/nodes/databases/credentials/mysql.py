"""A MySQL or MariaDB database."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui


class Data(CredentialData):
    """Where the database is, and who asks."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="db.example.com", min_length=1, max_length=4000)
    port: int = ui(3306, title="Port", kind=Kind.NUMBER, ge=1, le=65535)
    database: str = ui("", title="Database", kind=Kind.TEXT, max_length=64)
    user: str = ui(..., title="User", kind=Kind.TEXT, min_length=1, max_length=200)
    password: str = ui("", title="Password", kind=Kind.SECRET)
    ssl_mode: Literal["disable", "prefer", "require", "verify-full"] = ui(
        "verify-full",
        title="TLS",
        kind=Kind.SELECT,
        options=[
            ("disable", "disable"),
            ("prefer", "prefer"),
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
    type="mysql",
    name="MySQL / MariaDB",
    icon="database",
    summary="A MySQL or MariaDB database and its user.",
    data=Data,
    docs="Give it a user of its own, with no more rights than the workflows need.",
    hint=("{user}@{host}:{port}/{database}", "{user}@{host}:{port}"),
    sent_to=("{host}:{port}",),
    tested_by="mysql",
)
