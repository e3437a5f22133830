"""Any server that answers JSON over HTTPS, from which other credentials take their secrets. Nodes cannot use it."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
Write `secret://<id of this credential>/<path>#<key>` into a secret field of another credential. A GET to the address,
with the header, has to answer with status 200 and JSON, or with the secret as plain text (then without `#<key>`).
`{path}` in the address is where the path goes, escaped; without it the path comes at the end. A key with dots leads
inward: `value.raw`. Where all keys lie deeper, *Keys are at* says where.

| store | address | key |
| --- | --- | --- |
| Doppler | `https://api.doppler.com/v3/configs/config/secret?project=P&config=C&name={path}` | `value.raw` |
| Infisical | `https://app.infisical.com/api/v3/secrets/raw/{path}?workspaceId=W&environment=E` | `secret.secretValue` |

*Test* asks whether the server answers and takes the header; with a path, it reads that secret and shows nothing of it.
"""


class Data(CredentialData):
    """Where it is, and the header that it wants."""

    address: str = ui(
        ...,
        title="Address",
        kind=Kind.TEXT,
        help="With https://. {path} is where the path of a secret goes; without it, at the end.",
        placeholder="https://secrets.example.com/v1/{path}",
        pattern=r"^https?://[^\s/?#@{}]+(/[^\s#{}]*([{]path[}][^\s#{}]*)?)?$",
        max_length=1000,
    )
    header: str = ui(
        "Authorization",
        title="Header",
        kind=Kind.TEXT,
        pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        max_length=100,
    )
    value: str = ui(
        ...,
        title="Value of the header",
        kind=Kind.SECRET,
        help="All of it: Bearer ..., where the server wants that.",
        min_length=1,
        max_length=8000,
        pattern=r"^[!-~]([ -~]*[!-~])?$",
    )
    within: str = ui(
        "",
        title="Keys are at",
        kind=Kind.TEXT,
        help="Where in the answer the keys lie: data, or secret.fields. Empty: at its top.",
        placeholder="data",
        pattern=r"^[^\s.]*([.][^\s.]+)*$",
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
    type="https_secrets",
    name="Secrets over HTTPS",
    icon="vault",
    summary="A server that answers JSON over HTTPS: other credentials take their secrets from it. Nodes cannot use it.",
    docs=DOCS,
    data=Data,
    hint=("{address}",),
    sent_to=("{address}",),
)
