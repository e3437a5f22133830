"""Files that people share: a link's token becomes a URL of the data bucket that works for a moment."""

from collections.abc import Callable
from typing import Final

from api import codes
from api.ports import Storage
from api.repositories.rows import links
from api.settings import settings
from stepweave_data.store.files import hash_of

SECONDS: Final = 60
"""For beginning the download; what has begun goes on."""


def url_of(storage: Callable[[], Storage], token: str) -> str:
    """Return where the file of a link is to be had. Raises Refused (`not_found`)."""
    with links() as rows:
        found = rows.find(hash_of(token))
    if found is None:
        raise codes.not_found("file: the link is wrong, its time is over, or it was ended")
    name = found.path.rpartition("/")[2]
    bucket = settings().data_bucket
    return storage().link(bucket, found.key, name=name, content_type=found.mime_type, seconds=SECONDS)
