"""What an execution may do in the data bucket, and the credentials for it.

It writes below its own prefix and that of the execution that it goes on from (talks of agents lie there); it reads what
its tenant has, for references travel: from who called it, whom it called, the store's files, an execution that failed.
"""

import time
from dataclasses import dataclass, field
from typing import Any, Final, Protocol
from uuid import UUID

from stepweave.aws.passes import Bearer
from stepweave.aws.roles import Taken

SECONDS: Final = 3600
"""The longest that a role may be taken on from within another (IAM, "role chaining")."""
LEFT: Final = 1800.0
"""Seconds that what is lent again must still be good for: twice the longest step."""
MOST: Final = 500
"""What a worker remembers to lend again."""


class Roles(Protocol):
    """Takes on roles."""

    def take(self, role_arn: str, session: str, policy: dict[str, Any], seconds: int) -> Taken:
        """As `stepweave.aws.roles.Roles.take`."""


@dataclass
class Lender:
    """Lends rights by taking on `role_arn`, which has them for the whole `bucket`, with a policy for one execution."""

    roles: Roles
    role_arn: str
    bucket: str
    _lent: dict[tuple[Bearer, str], Taken] = field(default_factory=dict)

    def lend(self, bearer: Bearer, origin: str = "") -> dict[str, Any]:
        """Return credentials for what a bearer may do.

        Args:
            bearer: whose pass was checked.
            origin: the execution that its own goes on from, as its pass says; "" for none.

        Raises:
            AwsError: STS does not give them.
            ValueError: an id is none.
        """
        key, moment = (bearer, origin), time.time()
        taken = self._lent.get(key)
        if taken is None or taken.until - moment < LEFT:
            if len(self._lent) >= MOST:
                self._lent = {one: kept for one, kept in self._lent.items() if kept.until - moment > LEFT}
            if len(self._lent) >= MOST:
                self._lent.clear()
            session = bearer.execution_id or f"ask-{bearer.tenant_id}"
            policy = policy_of(bearer, origin, self.bucket, self.role_arn.split(":")[1])
            taken = self.roles.take(self.role_arn, session, policy, SECONDS)
            self._lent[key] = taken
        credentials = taken.credentials
        return {
            "accessKey": credentials.access_key,
            "secretKey": credentials.secret_key,
            "sessionToken": credentials.session_token,
            "until": taken.until,
        }


def policy_of(bearer: Bearer, origin: str, bucket: str, partition: str = "aws") -> dict[str, Any]:
    """Return the session policy of an execution, or of an ask, which stores files of its tenant. Raises ValueError."""
    objects = f"arn:{partition}:s3:::{bucket}"
    tenant = str(UUID(bearer.tenant_id))  # nothing in it that IAM would take for a pattern
    own = [str(UUID(one)) for one in (bearer.execution_id, origin) if one]
    written = [f"{objects}/{tenant}/{one}/*" for one in own] or [f"{objects}/{tenant}/*"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["s3:PutObject", "s3:AbortMultipartUpload"], "Resource": written},
            {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{objects}/{tenant}/*"},
        ],
    }
