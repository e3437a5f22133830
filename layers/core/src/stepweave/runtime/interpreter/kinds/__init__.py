"""The kinds of control nodes that run others, each a file. A new one is a new module here with `KIND`.

Kinds that change nothing of what a graph means need none: a wait and an approval are nodes that run once.
"""

from collections.abc import Mapping
from typing import Final

from stepweave.runtime.interpreter.kind import Kind
from stepweave.spec.registry import found_in

__all__ = ["KINDS"]

KINDS: Final[Mapping[str, Kind]] = {kind.name: kind for kind in found_in(__name__, __path__, "KIND", Kind)}
