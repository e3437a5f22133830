"""A server that is reached by FTP, with TLS or without."""

from typing import Literal

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
*TLS*: the connection begins as plain FTP and is encrypted before the password goes (explicit FTPS, port 21). The
server's certificate must be one that browsers trust, or be below the one in *Certificate*. *None* sends password and
files so that everybody on the way can read them: for servers inside one's own network. Many providers have SFTP
besides, which is another protocol: take *SSH server* for it.
"""


class Data(CredentialData):
    """Where the server is, and who logs in."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="ftp.example.com", min_length=1, max_length=255)
    port: int = ui(21, title="Port", kind=Kind.NUMBER, ge=1, le=65535)
    user: str = ui("anonymous", title="User", kind=Kind.TEXT, max_length=255)
    password: str = ui("", title="Password", kind=Kind.SECRET, max_length=4000)
    security: Literal["tls", "none"] = ui(
        "tls",
        title="Encryption",
        kind=Kind.SELECT,
        options=[("tls", "TLS (FTPS, explicit)"), ("none", "None")],
    )
    certificate: str = ui(
        "",
        title="Certificate",
        kind=Kind.MULTILINE,
        help="PEM text of an authority of one's own. Empty: those that browsers trust.",
        max_length=100_000,
    )


CREDENTIAL = CredentialSpec(
    type="ftp",
    name="FTP server",
    icon="server",
    summary="A server that is reached by FTP or FTPS.",
    data=Data,
    docs=DOCS,
    hint=("{user}@{host}:{port}",),
    sent_to=("{host}:{port}",),
    tested_by="file_server",
)
