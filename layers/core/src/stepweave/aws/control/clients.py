"""boto3 clients, made once per process; boto3 is imported with the first."""

import os
from functools import cache
from typing import Any


@cache
def client(service: str) -> Any:
    """Return the boto3 client of a service, set up for AWS and for an emulator's endpoint alike."""
    import boto3
    from botocore.config import Config

    local = bool(os.environ.get("AWS_ENDPOINT_URL"))
    config = Config(
        connect_timeout=3,
        read_timeout=20,
        retries={"mode": "standard", "max_attempts": 4},
        inject_host_prefix=not local,
        s3={"addressing_style": "path" if local else "auto"},
    )
    return boto3.client(service, config=config)  # type: ignore[call-overload]  # the stubs want a literal
