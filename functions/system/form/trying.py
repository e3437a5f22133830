"""Test addresses, `/forms/<workspace>/~test/<path>`: the draft's first page, for who listens in the editor.

What is sent there is checked as on the published form; the answers go to the editor, and start nothing.
"""

from typing import Any, Final, cast

import redis

from functions.system.form import pages
from functions.system.form.answers import Answers
from functions.system.form.submissions import item_of
from functions.system.form.targets import FormTarget
from functions.system.form.words import words_of
from stepweave.runtime.claims import Claims
from stepweave.runtime.errors import NodeError
from stepweave_data.hooks.page_places import FORM
from stepweave_data.hooks.paths import TEST
from stepweave_data.hooks.refusals import Refusal
from stepweave_data.hooks.requests import Request
from stepweave_data.hooks.tries import Tries

_SOON: Final = {"retry-after": "2"}


def is_test(request: Request) -> bool:
    """Whether a request is for a test address, known or not."""
    return request.path.split("/", 1)[0] == TEST


def listening(request: Request, tries: Tries) -> FormTarget:
    """Return the form of who listens at a test address. Raises Refusal: 404, 503."""
    place = FORM.of(request.path.partition("/")[2])
    try:
        found = tries.of(request.slug)
    except redis.RedisError as error:
        detail = "Nobody can say now who listens. Load the page again in a moment."
        raise Refusal(503, "not_available", "Not available", detail, _SOON) from error
    for id, it in found.items():
        if it["path"] == place and FORM.method in it["methods"]:
            return {**cast("FormTarget", it["target"]), "listenId": id}
    raise _nobody()


def heard(target: FormTarget, slug: str, answers: Answers, claims: Claims, tries: Tries) -> dict[str, Any]:
    """Give answers to who listens, and return the page that says so. Raises Refusal: 404, another came first; 503."""
    id = target["listenId"]
    try:
        place = f"{target['start']['tenant_id']}/{id}/{target['nodeId']}/1-"
        if not tries.hear_item(slug, id, place, item_of(answers, place, claims.store_file), claims):
            raise _nobody()
    except (redis.RedisError, NodeError) as error:
        detail = "The test cannot be heard now. Go back, and send it again in a moment."
        raise Refusal(503, "not_taken", "Not available", detail, _SOON) from error
    words = words_of(target["look"]["language"])
    return pages.message(words("itWorks"), words("shownInEditor"), target["look"])


def _nobody() -> Refusal:
    words = "Nobody listens at this test address: choose Listen for a test entry at the form in the editor, and reload."
    return Refusal(404, "nobody_listens", "Nobody listens", words)
