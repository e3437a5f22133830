"""Text whose paragraphs were broken into lines to be sent (`format=flowed`, RFC 3676)."""

from typing import Final

_SIGNATURE: Final = "-- "


def unflowed(text: str, *, delete_space: bool) -> str:
    """Return a text with its paragraphs on one line each.

    Args:
        text: its lines end in `\\n`.
        delete_space: whether the space at which a line was broken is none of the text's (`delsp=yes`).
    """
    made: list[tuple[int, list[str]]] = []
    open_ = False
    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        bare = bare.removeprefix(" ")  # stuffed, RFC 3676, 4.4
        flows = bare.endswith(" ") and bare != _SIGNATURE
        piece = bare[:-1] if flows and delete_space else bare
        if open_ and made[-1][0] == depth and bare != _SIGNATURE:
            made[-1][1].append(piece)
        else:
            made.append((depth, [piece]))
        open_ = flows
    return "\n".join(f"{'>' * depth}{' ' if depth else ''}{''.join(pieces)}" for depth, pieces in made)
