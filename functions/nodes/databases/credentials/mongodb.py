"""A MongoDB database: a connection string, or its parts."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
Atlas shows the connection string under *Connect*, *Drivers*. In a connection string, the user's name and password are
percent-encoded (`p@ss` is `p%40ss`). Options that read files, or the keys of the machine that Stepweave runs on
(`tlsCAFile`, `MONGODB-AWS`, `MONGODB-OIDC`, `GSSAPI`), cannot stand in it.
"""


class Data(CredentialData):
    """Where the database is, and who asks."""

    uri: str = ui(
        "",
        title="Connection string",
        kind=Kind.SECRET,
        help="mongodb+srv://user:password@cluster.example.net/. Leave it empty to fill in the parts below.",
        max_length=4000,
    )
    host: str = ui(
        "",
        title="Host",
        kind=Kind.TEXT,
        placeholder="db.example.com",
        required_when_shown=True,
        unless="uri",
        max_length=255,
    )
    port: int = ui(27017, title="Port", kind=Kind.NUMBER, unless="uri", ge=1, le=65535)
    user: str = ui("", title="User", kind=Kind.TEXT, unless="uri", max_length=1000)
    password: str = ui("", title="Password", kind=Kind.SECRET, unless="uri", max_length=4000)
    auth_source: str = ui(
        "admin",
        title="Database of the user",
        kind=Kind.TEXT,
        help="Where the user was made.",
        unless="uri",
        max_length=63,
    )
    tls: bool = ui(True, title="TLS", kind=Kind.BOOLEAN, unless="uri")
    database: str = ui(
        "",
        title="Database",
        kind=Kind.TEXT,
        help="What nodes use that name none. Empty: that of the connection string.",
        max_length=63,
    )


CREDENTIAL = CredentialSpec(
    type="mongodb",
    name="MongoDB",
    icon="leaf",
    summary="A MongoDB database and its user.",
    data=Data,
    docs=DOCS,
    hint=("{user}@{host}:{port}", "{host}:{port}", "{database}", "by connection string"),
    sent_to=("{host}:{port}",),
    tested_by="mongodb",
)
