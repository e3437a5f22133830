"""An AWS account from whose Secrets Manager other credentials take their secrets. Nodes cannot use it."""

from functions.nodes.apps.aws.credentials.aws import Data
from stepweave.spec.credentials import CredentialSpec

CREDENTIAL = CredentialSpec(
    type="aws_secrets",
    name="AWS Secrets Manager",
    icon="vault",
    summary="An AWS account: other credentials take their secrets from its Secrets Manager. Nodes cannot use it.",
    docs="Write `secret://<id of this credential>/<name or ARN>#<key>` into a secret field of another credential; "
    "without `#<key>` it is the whole text. The key, or the role that it takes on (with an external ID), needs "
    "`secretsmanager:GetSecretValue` on what credentials may name, and `kms:Decrypt` where a key of yours encrypts it.",
    data=Data,
    hint=("{roleArn}", "{accessKeyId} in {region}"),
    sent_to=("{endpoint}",),
)
