"""Lambda handler of the migration, called once per release (docs/guides/deploy.md). Locally `make up` migrates."""

import json
import os
from typing import Any

from stepweave.aws.secrets import secret_of
from stepweave_data.link import database_url_of
from stepweave_data.migrate import upgrade
from stepweave_data.telemetry import Metric, count, observed


@observed
def handler(_: Any, __: Any) -> dict[str, str]:
    """Migrate. Raises what `stepweave_data.migrate.upgrade` raises; the caller then sees the database's own words."""
    app = json.loads(secret_of(os.environ["STEPWEAVE_DATABASE_SECRET_ARN"]))
    upgrade(database_url_of(os.environ["STEPWEAVE_DATABASE_OWNER_SECRET_ARN"]), app["password"])
    count(Metric.DONE)
    return {"status": "migrated"}
