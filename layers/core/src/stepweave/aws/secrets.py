"""The deployment's secrets: from the environment on one machine, from Secrets Manager on AWS. The only way to read one.

What Secrets Manager gives is kept for `KEPT_SECONDS`: a changed secret is known by then, without a restart. The light
client reads it; Powertools' `parameters` do the same and cost 0.1 s of a cold start more (ADR 17).
"""

import os
import time
from typing import Final

from stepweave.aws.client import Aws

KEPT_SECONDS: Final = 300.0
_kept: dict[str, tuple[str, float]] = {}
"""ARN -> text, and until when it is good."""


def secret(name: str) -> str:
    """Return the secret that the variable `name` holds or, on AWS, whose ARN the variable `<name>_ARN` holds.

    Raises:
        KeyError: neither is set.
        AwsError: Secrets Manager did not give it.
    """
    return os.environ.get(name) or secret_of(os.environ[f"{name}_ARN"])


def is_set(name: str) -> bool:
    """Whether this function has a secret."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_ARN"))


def secret_of(arn: str) -> str:
    """Return the text of a secret in Secrets Manager. Raises AwsError."""
    text, until = _kept.get(arn, ("", 0.0))
    if time.monotonic() < until:
        return text
    text = Aws.shared().secret(arn)
    _kept[arn] = (text, time.monotonic() + KEPT_SECONDS)
    return text


def forget() -> None:
    """Read all of them anew when they are asked for next."""
    _kept.clear()
