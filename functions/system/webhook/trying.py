"""Test URLs, `/hooks/<workspace>/~test/<path>`: the first call goes to who listens in the editor, and starts nothing.

It passes the same checks as on the production URL. Nobody listens: 404.
"""

import json
from typing import Any

import redis

from functions.system.webhook.targets import HookTarget, Methods
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave_data.hooks.page_places import PLACES
from stepweave_data.hooks.paths import TEST, matched, nearest_first
from stepweave_data.hooks.refusals import SANDBOX, Refusal
from stepweave_data.hooks.requests import Received, Request
from stepweave_data.hooks.tries import Tries


def is_test(request: Request) -> bool:
    """Whether a request is for a test URL, known or not."""
    return request.segments[:1] == (TEST,)


def listening(request: Request, tries: Tries) -> Methods:
    """Return who listens at a test URL: method -> target. Raises Refusal: 404, 503."""
    try:
        found = tries.of(request.slug)
    except redis.RedisError as error:
        raise _again() from error
    fitting = {
        it["path"]: (id, it)
        for id, it in reversed(found.items())
        if not PLACES.keys() & set(it["methods"]) and matched(it["path"], request.segments[1:]) is not None
    }
    methods: Methods = {}
    for path in nearest_first(fitting):
        id, it = fitting[path]
        target: HookTarget = it["target"]  # type: ignore[assignment]  # as publishing makes them
        methods = {**{method: {**target, "listenId": id} for method in it["methods"]}, **methods}
    if not methods:
        raise _nobody()
    return methods


def heard(target: HookTarget, given: Received, slug: str, claims: Claims, tries: Tries) -> dict[str, Any]:
    """Give a call to who listens, and return the answer. Raises Refusal: 404, where another came first; 503."""
    id = target["listenId"]
    try:
        place = f"{target['start']['tenant_id']}/{id}/{target['nodeId']}/1-"
        if not tries.hear_item(slug, id, place, given.item(place, claims.store_file), claims):
            raise _nobody()
    except (redis.RedisError, NodeError) as error:
        raise _again() from error
    words = "The call is shown in the editor; it started nothing."
    headers = {**SANDBOX, "content-type": "application/json", "cache-control": "no-store"}
    return {"statusCode": 200, "headers": headers, "body": json.dumps({"test": True, "message": words})}


def _nobody() -> Refusal:
    words = (
        "Nobody listens at this test URL: choose Listen for a test call at the trigger in the editor, and call again."
    )
    return Refusal(404, "nobody_listens", "Nobody listens", words)


def _again() -> Refusal:
    return Refusal(503, "not_started", "Not started", "The test cannot be heard now. Try again.", {"retry-after": "2"})
