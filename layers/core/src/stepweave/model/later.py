"""Pydantic models that are made when they are first wanted.

Making a model's class takes pydantic longer than the rest of a node's modules take to import, and a forked process must
copy the pages that pydantic touches meanwhile: it was the most of a light node's cold start (ADR 2). So the class
stands at once, for annotations, subclasses and type checks, and becomes a model in place when anything of pydantic's is
first asked of it: the same class before and after.

What a model's definition gets wrong is therefore raised where the model is first wanted: for a node, by its catalogue.
"""

from abc import ABCMeta
from threading import RLock
from typing import Any, Final

from pydantic._internal._model_construction import ModelMetaclass

_KEPT: Final = frozenset(
    (
        "__abstractmethods__",
        "__annotations__",
        "__bases__",
        "__class__",
        "__doc__",
        "__module__",
        "__mro__",
        "__name__",
        "__parameters__",
        "__qualname__",
        "__typing_subst__",
        "__typing_unpacked_tuple_args__",
        "__unpacked__",
    )
)
"""What may be asked of a class that is no model yet: the answer is the same."""
_ITS_OWN: Final = frozenset(("__classcell__", "__qualname__", "__slots__"))
"""What a class's body says to the interpreter alone."""
_NOTHING: Final = object()
_BODY: Final = "_stepweave_body"
"""Where a class that is no model yet keeps its body."""
_TURN: Final = RLock()
"""Held while a class becomes a model, which other threads wait for."""


class _Made(dict[str, Any]):
    """The body of a class that stands already."""

    def __init__(self, body: dict[str, Any], standing: type) -> None:
        super().__init__(body)
        self.before = frozenset(body)
        self.standing = standing


class _Standing(ABCMeta):
    """What pydantic's metaclass makes its classes by: takes the one that stands already, where there is one."""

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **more: Any) -> Any:
        """Return the class, with all that pydantic has put into its body."""
        if not isinstance(body, _Made):
            return super().__new__(mcs, name, bases, body, **more)
        found = body.standing
        stands = type.__getattribute__(found, "__dict__")
        for key in body.before - body.keys() & stands.keys():
            type.__delattr__(found, key)
        for key, value in body.items():
            if key not in _ITS_OWN and stands.get(key, _NOTHING) is not value:
                type.__setattr__(found, key, value)
        return found


class Later(ModelMetaclass, _Standing):
    """The metaclass of models that are made when they are first wanted.

    Classes within functions are made at once, for their annotations may name what stands there; so are those with
    keywords (`create_model`, generics, `class A(B, frozen=True)`).
    """

    def __new__(mcs, name: str, bases: tuple[type, ...], body: dict[str, Any], **more: Any) -> Any:
        """Return the class that stands for the model."""
        if (
            more
            or "<locals>" in body.get("__qualname__", "<locals>")
            or not any(isinstance(base, Later) for base in bases)
        ):
            return super().__new__(Later, name, bases, body, **more)
        found: Any = ABCMeta.__new__(_Unmade, name, bases, body)
        type.__setattr__(found, _BODY, dict(body))
        return found


class _Unmade(Later):
    """The metaclass of a class that is no model yet."""

    def __getattribute__(cls, name: str) -> Any:
        """Return what stands in the class; make the model first, where it could make a difference."""
        if name not in _KEPT:
            _make(cls)
        return type.__getattribute__(cls, name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """Return an instance."""
        _make(cls)
        return type.__call__(cls, *args, **kwargs)


def _make(cls: type) -> None:
    """Make a model of a class. Raises what pydantic raises, each time."""
    with _TURN:
        own = type.__getattribute__(cls, "__dict__")
        body = own.get(_BODY)
        if body is None:
            return  # it is being made, by this thread: whoever wants it there takes it as it is
        type.__delattr__(cls, _BODY)
        try:
            for base in cls.__mro__[1:]:
                if type(base) is _Unmade:
                    _make(base)
            ModelMetaclass.__new__(Later, cls.__name__, cls.__bases__, _Made(body, cls))
        except BaseException:
            type.__setattr__(cls, _BODY, body)
            raise
        cls.__class__ = Later
