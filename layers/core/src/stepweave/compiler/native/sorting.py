"""What nodes that send each item one way or another have in common."""

from stepweave.compiler.native.items import Inputs, bare, few, fits, inline, items_of, right


def sorting_guard(inputs: Inputs, wrong: tuple[str, ...]) -> str:
    """Return the guard of a node that passes items on as they are, after a look at each."""
    sources = inputs.main
    conditions = inline(sources) + fits(sources, inputs.room) + right(items_of(bare(sources)), wrong)
    return few(sources, conditions)
