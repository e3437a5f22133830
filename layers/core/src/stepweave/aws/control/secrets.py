"""Secrets Manager: read a secret."""

from stepweave.aws.control.clients import aws_errors, client


def read_secret(arn: str) -> str:
    """Return a secret's text. Raises AwsError where it may not be read."""
    with aws_errors():
        text: str = client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
        return text
