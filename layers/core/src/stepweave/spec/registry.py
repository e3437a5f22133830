"""Finds what a package's modules register, so that a new file is all that a new kind needs."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules
from typing import TypeVar

T = TypeVar("T")


def found_in(package: str, path: Iterable[str], name: str, type: type[T]) -> list[T]:
    """Return the value called `name` of each module in a package, in the order of the modules' names.

    Args:
        package: its name.
        path: its `__path__`.
        name: what each of its modules has.
        type: which type that is of.

    Raises:
        TypeError: a module has none, or one of another type.
    """
    found: list[T] = []
    for module in sorted(module.name for module in iter_modules(path)):
        value = getattr(import_module(f"{package}.{module}"), name, None)
        if not isinstance(value, type):
            raise TypeError(f"{package}.{module} has no {name} that is a {type.__name__}")
        found.append(value)
    return found
