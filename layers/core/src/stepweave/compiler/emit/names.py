"""Names in the emitted machine: state names people recognise, variable names that are unique over the whole machine."""

import re

_NOT_IN_STATES = re.compile(r"[^\w \-]+", re.ASCII)
_NOT_IN_VARIABLES = re.compile(r"[^a-z0-9]+")

STATE_NAME_LENGTH = 60
"""Characters kept of a node's name in its state's name; with what is added it stays below the 80 that ASL allows."""


class Names:
    """Hands out names, each once."""

    def __init__(self) -> None:
        self._states: dict[str, int] = {}
        self._variables: dict[str, int] = {"states": 1, "context": 1}
        self._slugs: dict[str, str] = {}

    def state(self, wanted: str) -> str:
        """Return an unused state name that looks like `wanted`: its letters, digits, blanks, `-` and `_`."""
        name = _NOT_IN_STATES.sub(" ", wanted).strip()[:STATE_NAME_LENGTH].strip() or "Step"
        return _unused(self._states, name, " {}")

    def variable(self, node_name: str) -> str:
        """Return an unused variable name after a node's name. `n_` keeps it apart from JSONata's functions."""
        slug = self._slugs.get(node_name)
        if slug is None:
            slug = _NOT_IN_VARIABLES.sub("_", node_name.lower()).strip("_")[:32].rstrip("_")
            self._slugs[node_name] = slug
        return _unused(self._variables, f"n_{slug}" if slug else "n", "_{}")


def _unused(taken: dict[str, int], name: str, suffix: str) -> str:
    """Return `name`, or `name` with the first number that makes it unused. The count makes it fast for many equals."""
    candidate = name
    count = taken.get(name, 0)
    while candidate in taken:
        count += 1
        candidate = name + suffix.format(count)
    taken[name] = max(count, 1)
    taken.setdefault(candidate, 1)
    return candidate
