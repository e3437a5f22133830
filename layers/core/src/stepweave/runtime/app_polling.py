"""The `poll` of an app's trigger: what is new in a list that one of the app's operations gives."""

from typing import Any, Final

from stepweave.runtime.asks import Asked
from stepweave.runtime.http.operations import asking
from stepweave.runtime.polling import Poll, Thing, content_key, in_order, key_of, only_new, params_of, watched_of
from stepweave.spec.fieldpaths import MISSING, field_at
from stepweave.spec.operations import App, Operation
from stepweave.spec.triggers import MOST_LISTED

_OWN: Final = ("returnAll", "limit")
"""Parameters of lists that say how much of them is wanted."""


def poll_list(
    app: App, operation: Operation, asked: Asked, *, known_by: str = "id", newest_first: bool = True
) -> dict[str, Any]:
    """Return what is new in a list, as the platform wants it.

    A list that is newest first is read as far as things are new, and may be longer than can be remembered; any other is
    read whole.

    Args:
        app: whose list it is.
        operation: the one that gives it, a request. Those of its parameters that the trigger has (by JSON name) count.
        asked: the ask; its parameter `credential` names the credential.
        known_by: the path to what tells the things apart.
        newest_first: how the provider orders them.

    Raises:
        ParameterInvalid: a parameter does not fit the operation.
        ResponseTooLarge: a list that is not newest first has more than `MOST_LISTED` things.
        CredentialMissing: as `Asked.authentication` raises it; and what `HTTP_ERRORS` names.
    """
    if operation.request is None:
        raise AssertionError(f"{operation.id} is a function: a trigger asks for a list that is a request")
    fields = {one.alias or name for name, one in operation.params.model_fields.items()} - set(_OWN)
    values = params_of(asked, operation.params, fields).model_dump(mode="json", by_alias=True)
    poll, watched = Poll.of(asked.given), watched_of(app.base_url, operation.id, values, known_by)
    is_seen = poll.seen(watched)
    ask = asking(app, asked, asked.param("credential") or "", operation.request, values)
    found: list[Thing] = []
    for page in ask.pages(operation.paging, operation.items, MOST_LISTED):
        things = [_thing(entry, known_by) for entry in page]
        found += things
        enough = poll.is_sample or len(found) >= MOST_LISTED or all(is_seen(thing.key) for thing in things)
        if (newest_first and enough) or len(found) > MOST_LISTED:
            break
    listed = found[:MOST_LISTED] if newest_first else found
    return only_new(poll, in_order(listed, newest_first=newest_first), watched).answer()


def _thing(entry: Any, known_by: str) -> Thing:
    id = field_at(entry, known_by)
    key = "" if id is MISSING else key_of(id)
    return Thing(key or content_key(entry), entry if isinstance(entry, dict) else {"data": entry})
