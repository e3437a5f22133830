"""Lambda handler of the REQUEST authorizer on $connect."""

import hashlib
import os
from functools import cache
from typing import Any

from stepweave_data.history.live import Watchers, connect


def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Take the ticket of the query string; allow with its tenant and user, or deny."""
    text = (event.get("queryStringParameters") or {}).get("ticket") or ""
    ticket = watchers().take_ticket(hashlib.sha256(text.encode()).hexdigest()) if text else None
    return {
        "principalId": ticket["userId"] if ticket else "nobody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow" if ticket else "Deny",
                    "Resource": event["methodArn"],
                }
            ],
        },
        "context": ticket or {},
    }


@cache
def watchers() -> Watchers:
    """Return this worker's."""
    return Watchers(connect(os.environ["STEPWEAVE_REDIS_URL"]))
