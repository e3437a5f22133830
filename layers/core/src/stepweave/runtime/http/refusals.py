"""The errors of answers with status 400 and above: in the server's own words, and when it wants to be asked again."""

import math
import re
import time
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from stepweave.runtime.errors import NodeError
from stepweave.runtime.http_errors import HttpClientError, HttpRateLimited, HttpServerError

if TYPE_CHECKING:
    from stepweave.runtime.http.url import Target

SHOWN: Final = 500


def refused(status: int, reason: str, target: "Target", words: str, retry_after: str) -> NodeError:
    """Return the error of a response.

    Args:
        status: 400 and above.
        reason: the words behind it in the status line.
        target: what was asked.
        words: the beginning of the body.
        retry_after: the header, empty where there is none.
    """
    details: dict[str, Any] = {"status": status, "url": str(target), "body": words}
    message = f"{target} answered {status} {reason}".rstrip()
    message = f"{message}: {words}" if words else f"{message}."
    if retry_after:
        details["retryAfter"] = retry_after
    wait = seconds_until(retry_after)
    if status == 429:
        remedy = "Send fewer requests at a time, or let the node retry."
        return HttpRateLimited(message, remedy, details=details, retry_after=wait)
    if status >= 500:
        remedy = "The server has a problem: let the node retry, or ask who runs it."
        return HttpServerError(message, remedy, details=details, retry_after=wait)
    remedy = "Check the credential." if status in (401, 403) else "Check the URL and what the node sends."
    return HttpClientError(message, remedy, details=details)


def seconds_until(retry_after: str) -> float | None:
    """Return how many seconds a server wants to be left alone (`Retry-After`: RFC 9110, section 10.2.3).

    It says them, or a date in UTC. None where the header says neither; 0 for a date that has passed.
    """
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError):
        return None
    date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max(0.0, float(math.ceil(date.timestamp() - time.time())))


def words_of(text: str) -> str:
    """Return the beginning of an error's body, without the markup of a page."""
    text = re.sub(r"<[^>]*>|\s+", " ", text) if "<" in text else text
    text = " ".join(text.split())
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
