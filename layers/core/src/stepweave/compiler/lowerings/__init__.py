"""The lowerings, each a file: how the state machine itself does what nodes do whose spec names the lowering.

A new one is a new module here with `LOWERING`; nothing else names it but the specs of the node types that it is for.

    fields  set fields        sort   if, filter          rules  switch           join   merge
    limit   the first or last pass   no operation        stop   stop and error
"""

from typing import Final

from stepweave.compiler.native.lowering import Lowering, Lowerings
from stepweave.spec.registry import found_in

__all__ = ["LOWERINGS"]

LOWERINGS: Final[Lowerings] = {
    lowering.name: lowering for lowering in found_in(__name__, __path__, "LOWERING", Lowering)
}
