"""An account with Amazon Bedrock: an access key with its role, or an API key."""

from stepweave.spec.credentials import CredentialData, CredentialSpec
from stepweave.spec.fields import Kind, ui

DOCS = """\
Make a user of its own in IAM with only these rights, and an access key for it: `bedrock:InvokeModel` and
`bedrock:InvokeModelWithResponseStream` on the models and inference profiles that it may ask;
`bedrock:ListFoundationModels` and `bedrock:ListInferenceProfiles` for *Test* and for the list of models. With *Role*,
the key takes on that role for each hour (`sts:AssumeRole`), also one of another account.

An *API key* of Bedrock (Bedrock console, *API keys*) does instead of an access key.

*Endpoint* is for a server that speaks Bedrock's API elsewhere; all requests go there, the list of models, too. Leave it
empty for AWS itself.
"""


class Data(CredentialData):
    """The key, the region, and the role."""

    access_key_id: str = ui(
        ...,
        title="Access key ID",
        kind=Kind.TEXT,
        placeholder="AKIAIOSFODNN7EXAMPLE",
        unless="apiKey",
        min_length=1,
        max_length=128,
        pattern=r"^\w+$",
    )
    secret_access_key: str = ui(
        ...,
        title="Secret access key",
        kind=Kind.SECRET,
        unless="apiKey",
        min_length=1,
        max_length=1000,
        pattern=r"^[!-~]+$",
    )
    session_token: str = ui(
        "",
        title="Session token",
        kind=Kind.SECRET,
        help="Of temporary keys only.",
        unless="apiKey",
        max_length=10_000,
        pattern=r"^[!-~]*$",
    )
    api_key: str = ui(
        "",
        title="API key",
        kind=Kind.SECRET,
        help="Of Bedrock, instead of an access key.",
        max_length=10_000,
        pattern=r"^[!-~]*$",
    )
    region: str = ui(
        ...,
        title="Region",
        kind=Kind.TEXT,
        placeholder="us-east-1",
        min_length=1,
        max_length=40,
        # It becomes part of a host below `amazonaws.com`.
        pattern=r"^[a-z]{2,3}(?:-[a-z]{2,12}){1,3}-[0-9]{1,2}$",
    )
    role_arn: str = ui(
        "",
        title="Role",
        kind=Kind.TEXT,
        placeholder="arn:aws:iam::123456789012:role/stepweave",
        help="The ARN of a role that the key takes on. Empty: the key's own rights count.",
        unless="apiKey",
        max_length=2048,
        pattern=r"^(arn:[a-z-]+:iam::[0-9]{12}:role/[\w+=,.@/-]+)?$",
    )
    external_id: str = ui(
        "",
        title="External ID",
        kind=Kind.TEXT,
        help="What the role's trust policy asks for; empty where it asks for nothing.",
        unless="apiKey",
        max_length=1224,
        pattern=r"^[\w+=,.@:/-]*$",
    )
    endpoint: str = ui(
        "",
        title="Endpoint",
        kind=Kind.TEXT,
        placeholder="https://bedrock.example.com",
        help="Of a server that speaks Bedrock's API. Empty: AWS.",
        max_length=500,
        pattern=r"^(https?://[^\s/?#@]+)?$",
    )


CREDENTIAL = CredentialSpec(
    type="bedrock",
    name="Amazon Bedrock",
    icon="bot",
    summary="Models of Amazon Bedrock: Claude, Nova, Llama, Mistral, and others.",
    docs=DOCS,
    data=Data,
    hint=("{accessKeyId} in {region}", "{region}"),
    sent_to=("{endpoint}",),
    tested_by="language_model",
)
