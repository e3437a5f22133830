"""How often the API may be asked: by an address that says not who it is, by a user (or an API key) and by a tenant.

Which figures hold depends on what a route does: it reads, writes or runs. They are data (`RATES`), which a deployment
changes by `STEPWEAVE_RATES` (JSON: a name to how often in a minute). Answers tell of them in their headers (`Guard`).
"""

import json
from functools import cache
from typing import Final

import redis
from fastapi import Request

from api import codes
from api.permissions import Permission
from api.refusals import Refused
from api.services.limits import Caller
from api.services.tokens import Principal
from api.settings import settings
from stepweave_data.hooks.limits import counting
from stepweave_data.rates import Charge, Rate, headers

_PER_MINUTE: Final = {
    "open": 1200,
    "read": 3000,
    "write": 1200,
    "run": 3000,
    "tenant-read": 12_000,
    "tenant-write": 4800,
    "tenant-run": 12_000,
}
"""By name: `open` is per address, the others per user or API key, and `tenant-...` for all of a tenant together."""
STATE: Final = "rate_headers"
"""Where in a request's state the headers stand that `Guard` adds to the answer."""


@cache
def rates() -> dict[str, Rate]:
    """Return the rates by name. Raises ValueError where the setting cannot be read."""
    given = json.loads(settings().rates or "{}")
    if not isinstance(given, dict) or not all(isinstance(most, int) and most > 0 for most in given.values()):
        raise ValueError('STEPWEAVE_RATES is JSON, a name to how often in a minute: {"read": 600}.')
    if unknown := given.keys() - _PER_MINUTE.keys():
        raise ValueError(f"STEPWEAVE_RATES names {min(unknown)}; there are {', '.join(_PER_MINUTE)}.")
    return {name: Rate(name, most, 60) for name, most in (_PER_MINUTE | given).items()}


def charge_stranger(request: Request, client: redis.Redis, caller: Caller) -> None:
    """Count a request that does not say who asks. Raises Refused (`too_many_requests`)."""
    _take(request, client, [Charge(rates()["open"], caller.address)])


def charge(request: Request, client: redis.Redis, principal: Principal, permission: Permission) -> None:
    """Count a request of a user and of its tenant. Raises Refused (`too_many_requests`)."""
    kind = "run" if permission is Permission.EXECUTIONS_RUN else "read" if request.method == "GET" else "write"
    known = rates()
    own = Charge(known[kind], str(principal.user_id))
    _take(request, client, [own, Charge(known[f"tenant-{kind}"], str(principal.tenant_id))])


def _take(request: Request, client: redis.Redis, charges: list[Charge]) -> None:
    taken = counting(client).take(charges)
    told = headers(taken, [one.rate for one in charges])
    request.scope.setdefault("state", {})[STATE] = told
    if taken.refused:
        words = (
            f"There were too many requests: {taken.rate.most:,} in {taken.rate.seconds} seconds are allowed here "
            f"({taken.rate.name}). Go on in {taken.seconds} s."
        )
        raise Refused(codes.TOO_MANY_REQUESTS, words, retry_seconds=taken.seconds)
