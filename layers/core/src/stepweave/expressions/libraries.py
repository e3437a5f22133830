"""What the engine is given when JavaScript asks for it: libraries, and secret random bytes."""

import os
from typing import Final

LIBRARIES: Final = {
    "luxon": "vendor/luxon.min.js",
    "jmespath": "vendor/jmespath.js",
    "intl": "intl.js",
    "url": "url.js",
    "bytes": "bytes.js",
    "web": "web.js",
}
"""Files by the name under which the prelude asks for them (`library:url`)."""
_FIRST_BYTES: Final = 1024
_GROWTH: Final = 8
_LARGEST: Final = 512 * 1024
"""Each piece is larger than the one before, for asking for one runs the code again."""


def random_hex(piece: int) -> str:
    """Return the nth piece of a step's random bytes, as hexadecimal digits (`web.js`)."""
    return os.urandom(min(_FIRST_BYTES * _GROWTH**piece, _LARGEST)).hex()
