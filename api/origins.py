"""Where a request was made: other sites' pages must not use the cookies that this one set.

Which routes read cookies: those below `/api/auth` alone (ADR 52). Everything else takes an access token from a header,
which no other site has or can send, so a request that a page elsewhere forges is one of nobody.
"""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api import codes
from api.refusals import Refused
from api.settings import settings


def own_pages_only(request: Request) -> None:
    """Refuse what a page of another site sends: a browser says so itself, and no page can make it say otherwise.

    Browsers send `Sec-Fetch-Site` (older ones `Origin`, with every POST). Programs send neither; they have no cookies
    of others.

    Raises:
        Refused: `other_site`.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    same = origin is None or origin in _own(request)
    allowed = site in ("same-origin", "none") if site is not None else same
    if not allowed:
        raise Refused(
            codes.OTHER_SITE, "A page of another site asked for this. Open Stepweave itself, and do it there."
        )


def _own(request: Request) -> set[str]:
    """Return the origins that are ours: the one that people see, and the one that was called."""
    public = urlsplit(settings().public_url)
    host = request.headers.get("x-forwarded-host") or request.headers.get("host", "")
    return {f"{public.scheme}://{public.netloc}", f"{public.scheme}://{host}"}


OwnPages = Annotated[None, Depends(own_pages_only)]
