"""STS: taking on a role, with rights for some of what it may do."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from stepweave.aws.errors import AwsError
from stepweave.aws.signing import Credentials
from stepweave.aws.transport import Transport

_FIELD: Final = re.compile(rb"<(AccessKeyId|SecretAccessKey|SessionToken|Expiration)>([^<]+)</\1>")


@dataclass(frozen=True, slots=True)
class Taken:
    """A role that was taken on: with what, and until when (seconds of the epoch)."""

    credentials: Credentials
    until: float


class Roles:
    """Takes on roles."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def take(self, role_arn: str, session: str, policy: Mapping[str, Any], seconds: int) -> Taken:
        """Take on a role for a while (`AssumeRole`).

        Args:
            role_arn: which.
            session: what the session is called in AWS's own logs; 2 to 64 of letters, digits and `=,.@-_`.
            policy: what of the role's rights the session has: no more than both allow.
            seconds: how long, 900 to 3600.

        Raises:
            AwsError: STS refuses, or cannot be reached.
        """
        asked = {
            "Action": "AssumeRole",
            "Version": "2011-06-15",
            "RoleArn": role_arn,
            "RoleSessionName": session,
            "Policy": json.dumps(policy, separators=(",", ":")),
            "DurationSeconds": str(seconds),
        }
        headers = {"content-type": "application/x-www-form-urlencoded"}
        reply = self._transport.send("sts", "POST", "/", headers, urlencode(asked).encode())
        found = {name.decode(): value.decode() for name, value in _FIELD.findall(reply.body)}
        try:
            credentials = Credentials(found["AccessKeyId"], found["SecretAccessKey"], found["SessionToken"])
            until = datetime.fromisoformat(found["Expiration"]).timestamp()
        except (KeyError, ValueError):
            raise AwsError("AnswerInvalid", "STS gave no credentials.") from None
        return Taken(credentials, until)
