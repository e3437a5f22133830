"""What CloudFront sends with each request on AWS, so that nobody calls the gateways past it."""

import json
from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from stepweave.aws.secrets import is_set, secret

HEADER: Final = "x-stepweave-origin"
"""In lower case. CloudFront replaces what a caller sends under it, and `hooks.requests` hides it from workflows."""
SECRET: Final = "STEPWEAVE_ORIGIN_SECRET"  # noqa: S105 - the variable's name
"""JSON: `sent` by CloudFront, and `taken` as well while it changes ("" else)."""


def came_through(headers: Mapping[str, str]) -> bool:
    """Return whether a request came through CloudFront; on one machine, which has none, always.

    Raises:
        AwsError: Secrets Manager did not give the secret. Nobody is let in then.
    """
    if not is_set(SECRET):
        return True
    given = next((value for name, value in headers.items() if name.lower() == HEADER), "").encode()
    known: dict[str, str] = json.loads(secret(SECRET))
    return any(compare_digest(given, known[name].encode()) for name in ("sent", "taken") if known.get(name))
