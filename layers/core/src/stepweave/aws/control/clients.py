"""boto3 clients, made once per process; boto3 is imported with the first. Their errors become `AwsError` here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from stepweave.aws.errors import AwsError


@cache
def client(service: str) -> Any:
    """Return the boto3 client of a service, set up for AWS and for an emulator's endpoint alike."""
    from botocore.config import Config

    local = bool(os.environ.get("AWS_ENDPOINT_URL"))
    config = Config(
        connect_timeout=3,
        read_timeout=20,
        retries={"mode": "standard", "max_attempts": 4},
        inject_host_prefix=not local,
        s3={"addressing_style": "path" if local else "auto"},
    )
    return _session().client(service, config=config)


@cache
def _session() -> Any:
    """Return this process's boto3 session."""
    import boto3
    from botocore.session import get_session

    from stepweave.aws.control.loading import LOADER

    session = get_session()
    session.register_component("data_loader", LOADER)
    return boto3.Session(botocore_session=session)


@contextmanager
def aws_errors() -> Iterator[None]:
    """Raise AwsError where boto3 raises its own.

    Raises:
        AwsError: as the service says, or `ConnectionFailed` where it did not answer.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        told = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        raise AwsError.answered(told.get("Code", "Unknown"), told.get("Message", ""), status) from error
    except BotoCoreError as error:
        raise AwsError("ConnectionFailed", str(error), retryable=True) from error
