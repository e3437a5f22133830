"""A server that is reached by SSH: for commands and for files (SFTP)."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
Fill in a password, a private key, or both: the server says which it takes. A private key is a text that begins with
`-----BEGIN`, with or without a passphrase (OpenSSH's own form, PKCS#8 or PKCS#1; not PuTTY's `.ppk`, which
`puttygen KEY.ppk -O private-openssh -o KEY` converts).

*Host key* is how the server is known again: without it, somebody between us and the server could read all and give
commands. Write its fingerprint (`SHA256:...`, which `ssh-keyscan HOST | ssh-keygen -lf -` prints) or its line of
`known_hosts`, one per line where the server has several keys. While it is empty nothing is sent: a node that uses the
credential says which fingerprint the server showed, to be compared and filled in.
"""


class Data(CredentialData):
    """Where the server is, who logs in, and how the server is known again."""

    host: str = ui(..., title="Host", kind=Kind.TEXT, placeholder="ssh.example.com", min_length=1, max_length=255)
    port: int = ui(22, title="Port", kind=Kind.NUMBER, ge=1, le=65535)
    user: str = ui(..., title="User", kind=Kind.TEXT, placeholder="deploy", min_length=1, max_length=255)
    password: str = ui("", title="Password", kind=Kind.SECRET, max_length=4000)
    private_key: str = ui(
        "",
        title="Private key",
        kind=Kind.SECRET,
        help="The whole text, with its first and last line.",
        max_length=20_000,
    )
    passphrase: str = ui("", title="Passphrase of the private key", kind=Kind.SECRET, max_length=1000)
    host_key: str = ui(
        "",
        title="Host key",
        kind=Kind.MULTILINE,
        help="Fingerprints (SHA256:...) or lines of known_hosts. Empty: the node says which key the server showed.",
        placeholder="SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8",
        max_length=20_000,
    )


CREDENTIAL = CredentialSpec(
    type="ssh",
    name="SSH server",
    icon="square-terminal",
    summary="A server that is reached by SSH, for commands and for files (SFTP).",
    data=Data,
    docs=DOCS,
    hint=("{user}@{host}:{port}",),
    sent_to=("{host}:{port}",),
    tested_by="ssh",
)
