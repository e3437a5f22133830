"""The records of a table, page after page. Asked with POST: a formula may be longer than an address."""

from collections.abc import Iterator
from typing import Any, Final

from stepweave.spec.operations import RequestSpec

LIST: Final = RequestSpec(
    "POST",
    "/{base}/{table}/listRecords",
    body={
        "filterByFormula": "{formula?}",
        "view": "{view?}",
        "sort": "{sort?}",
        "fields": "{names?}",
        "returnFieldsByFieldId": "{byFieldId}",
        "pageSize": "{pageSize}",
        "offset": "{offset?}",
    },
)
PAGE: Final = 100
MOST_PAGES: Final = 2000


def records_in(ask: Any, most: int | None, **values: Any) -> Iterator[dict[str, Any]]:
    """Yield records, at most so many.

    Args:
        ask: sends `LIST` with further values and returns the answer (`Call.ask`).
        most: how many; None for all.
        values: for the request.

    Raises:
        ResponseInvalid: the pages lead in a circle.
        ResponseTooLarge: there are more pages than a step should read.
    """
    from stepweave.runtime.http_errors import ResponseInvalid, ResponseTooLarge

    offset, seen, left = "", set[str](), most
    for _ in range(MOST_PAGES):
        size = PAGE if left is None else min(PAGE, left)
        answer = ask(LIST, **{"byFieldId": False, **values}, pageSize=size, offset=offset)
        found = answer.get("records", []) if isinstance(answer, dict) else []
        yield from found if left is None else found[:left]
        left = None if left is None else left - len(found)
        offset = str(answer.get("offset") or "") if isinstance(answer, dict) else ""
        if not offset or (left is not None and left <= 0):
            return
        if offset in seen:
            raise ResponseInvalid("Airtable gives the same page again and again.", "Set a limit.")
        seen.add(offset)
    raise ResponseTooLarge(
        f"The table has more than {MOST_PAGES * PAGE} records.",
        "Set a limit instead of Return all, or ask for less by conditions.",
    )
