"""A kind of control node in full: what it means to the passes, and how its nodes are written as states."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

from stepweave.compiler.emit import Writer
from stepweave.compiler.kind import Kind, Kinds


class Control(NamedTuple):
    """A kind, and what writes its nodes."""

    kind: Kind
    write: Writer


class Controls:
    """The kinds there are."""

    def __init__(self, controls: Iterable[Control]) -> None:
        self._controls = {control.kind.name: control for control in controls}

    def plus(self, *more: Control) -> "Controls":
        """Return these and more; of two with one name the later counts."""
        return Controls([*self._controls.values(), *more])

    @cached_property
    def kinds(self) -> Kinds:
        """What the passes before `emit` read of them."""
        return {name: control.kind for name, control in self._controls.items()}

    @cached_property
    def writers(self) -> Mapping[str, Writer]:
        """How `emit` writes their nodes."""
        return {name: control.write for name, control in self._controls.items()}
