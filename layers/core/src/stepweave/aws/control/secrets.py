"""Secrets Manager: read a secret."""

from stepweave.aws.control.clients import client


def read_secret(arn: str) -> str:
    """Return a secret's text. Raises botocore's ClientError where it may not be read."""
    text: str = client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    return text
