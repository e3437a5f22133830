"""Where Redis is, and as whom this function logs in: from its environment or, on AWS, with a secret of Secrets Manager.

Node functions have neither: what they need of Redis (turns, rates) they ask `vault` and `store` for.
"""

import os
from typing import Final
from urllib.parse import quote

from stepweave.aws.secrets import is_set, secret

URL: Final = "STEPWEAVE_REDIS_URL"
SECRET: Final = "STEPWEAVE_REDIS_SECRET"  # noqa: S105 - the variable's name
USER: Final = "functions"
"""As `stacks.constructs.cache` makes it: reads and writes keys, and administers nothing."""


def redis_url() -> str:
    """Return the URL with who logs in.

    Raises:
        KeyError: this function has no Redis.
        AwsError: Secrets Manager did not give the password.
    """
    url = os.environ[URL]
    if not is_set(SECRET):
        return url
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{USER}:{quote(secret(SECRET), safe='')}@{rest}"
