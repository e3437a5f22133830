"""What engines are known to do otherwise; `docs/reference/engines.md` says which of them is right."""

from collections.abc import Mapping
from typing import Final

EMULATOR: Final = "embedded emulator"
LOCALSTACK: Final = "LocalStack 4.14"

WITHOUT: Final[Mapping[str, frozenset[str]]] = {LOCALSTACK: frozenset({"ResultWriter"})}
"""Fields of Map states that an engine's parser refuses in their JSONata form."""

KNOWN: Final[Mapping[str, Mapping[str, str]]] = {
    EMULATOR: {},
    LOCALSTACK: {
        "loop-nested-machine": "the result of a nested execution",
        "agent-of-an-agent": "the result of a nested execution, told the inner agent as an error",
        "hostile-names": "escapes in the keys of Arguments",
    },
}
"""Engine -> case (its folder's name without the number) -> what is different."""


def is_known(engine: str, case: str) -> bool:
    """Return whether a case is known to be different on an engine."""
    return case.partition("-")[2] in KNOWN[engine]
