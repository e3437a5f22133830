"""An account at AWS: an access key, and the role that it takes on where one is named."""

from functions.nodes.apps.aws.specs import REGION
from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
Make a user of its own in IAM with only the rights that the node's documentation names, and an access key for it. With
*Role*, the key takes on that role for each hour (`sts:AssumeRole`), also one of another account; the external ID is
what its trust policy asks for. Temporary keys need the session token, and end with it.

*Test* asks AWS who the key is (`sts:GetCallerIdentity`, which needs no right), as the role where there is one.

*Endpoint* is for services that speak AWS's protocols elsewhere. Leave it empty for AWS itself.
"""


class Data(CredentialData):
    """The key, the region, and the role."""

    access_key_id: str = ui(
        ...,
        title="Access key ID",
        kind=Kind.TEXT,
        placeholder="AKIAIOSFODNN7EXAMPLE",
        min_length=1,
        max_length=128,
        pattern=r"^\w+$",
    )
    secret_access_key: str = ui(
        ..., title="Secret access key", kind=Kind.SECRET, min_length=1, max_length=1000, pattern=r"^[!-~]+$"
    )
    session_token: str = ui(
        "",
        title="Session token",
        kind=Kind.SECRET,
        help="Of temporary keys only.",
        max_length=10_000,
        pattern=r"^[!-~]*$",
    )
    region: str = ui(
        ...,
        title="Region",
        kind=Kind.TEXT,
        placeholder="eu-central-1",
        min_length=1,
        max_length=40,
        pattern=f"^{REGION}$",
    )
    role_arn: str = ui(
        "",
        title="Role",
        kind=Kind.TEXT,
        placeholder="arn:aws:iam::123456789012:role/stepweave",
        help="The ARN of a role that the key takes on. Empty: the key's own rights count.",
        max_length=2048,
        pattern=r"^(arn:[a-z-]+:iam::[0-9]{12}:role/[\w+=,.@/-]+)?$",
    )
    external_id: str = ui(
        "",
        title="External ID",
        kind=Kind.TEXT,
        help="What the role's trust policy asks for; empty where it asks for nothing.",
        max_length=1224,
        pattern=r"^[\w+=,.@:/-]*$",
    )
    endpoint: str = ui(
        "",
        title="Endpoint",
        kind=Kind.TEXT,
        placeholder="https://aws.example.com",
        help="Of a service that speaks AWS's protocols. Empty: AWS.",
        max_length=500,
        pattern=r"^(https?://[^\s/?#@]+)?$",
    )


CREDENTIAL = CredentialSpec(
    type="aws",
    name="AWS account",
    icon="cloud",
    summary="An access key of an AWS account, with a role that it takes on where one is named.",
    docs=DOCS,
    data=Data,
    hint=("{accessKeyId} in {region}",),
    sent_to=("{endpoint}",),
    tested_by="sqs_trigger",
)
