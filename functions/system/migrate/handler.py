"""Lambda handler of what the database's owner does, called by operators (docs/guides/deploy.md).

`{}` migrates: each deployment does, before it changes any other function (`stacks.control`); locally `make up` does.
`{"rewrap": true}` wraps all data keys anew (`stepweave_data.rewrapping`).
"""

import json
import os
from typing import Any

from stepweave.aws import Aws
from stepweave.aws.secrets import secret_of
from stepweave_data.link import database_url_of
from stepweave_data.migrate import upgrade
from stepweave_data.rewrapping import rewrap
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(event: dict[str, Any] | None, _: Any) -> dict[str, Any]:
    """Migrate. Raises what `stepweave_data.migrate.upgrade` raises; the caller then sees the database's own words."""
    owner = database_url_of(os.environ["STEPWEAVE_DATABASE_OWNER_SECRET_ARN"])
    event = event or {}
    if event.get("rewrap"):
        did = rewrap(owner, Aws.shared().keys, os.environ["STEPWEAVE_KMS_KEY_ID"], event.get("after"))
        count(Metric.DONE, did.done)
        return did.to_json()
    app = json.loads(secret_of(os.environ["STEPWEAVE_DATABASE_SECRET_ARN"]))
    upgrade(owner, app["password"])
    count(Metric.DONE)
    return {"status": "migrated"}
