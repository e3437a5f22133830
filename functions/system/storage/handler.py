"""Lambda handler of `storage`: `{"pass"}` -> the rights of one execution, or of one ask, in the data bucket (ADR 54).

It answers `{"accessKey", "secretKey", "sessionToken", "until"}`, or `{"error"}` as the vault does.
"""

import os
from functools import cache
from typing import Any

from functions.system.storage.lending import Lender
from stepweave.aws import Aws
from stepweave.aws.passes import PassRefused
from stepweave_data.link import Link
from stepweave_data.passes import Passes
from stepweave_data.telemetry import Metric, about, count, observed


@observed
def handler(event: dict[str, Any], _: Any) -> dict[str, Any]:
    """Lend what the pass is for."""
    try:
        bearer = passes().bearer(event.get("pass"))
    except PassRefused as error:
        count(Metric.REFUSED)
        return {"error": {"code": "ContextRefused", "message": str(error), "remedy": "Run the workflow again."}}
    about(tenant_id=bearer.tenant_id)
    lent = lender().lend(bearer, str(event["pass"].get("origin") or ""))
    count(Metric.DONE)
    return lent


@cache
def lender() -> Lender:
    """Return what lends rights in this worker."""
    return Lender(Aws.shared().roles, os.environ["STEPWEAVE_ITEMS_ROLE_ARN"], os.environ["STEPWEAVE_DATA_BUCKET"])


@cache
def passes() -> Passes:
    """Return what checks passes in this worker."""
    return Passes(link)


@cache
def link() -> Link:
    """Return this worker's connection; only executions that began before passes need it."""
    return Link()
