"""Our own JavaScript files as QuickJS's bytecode, so that a warm worker does not parse them for each step.

The Python package gives no way to it, but its library exports QuickJS's C functions (quickjs.h): they are called
through `ctypes`, on the context that a `Context` holds. Where a context lies in that object is not promised, so it is
asked for first: a runtime and a context stand there one after the other, and the context names that runtime. Where
anything is not as expected, there is no bytecode and the source is read. Figures, and when to delete this:
docs/adr/0010-javascript.md.

Only our own files are compiled, in this process; bytecode from elsewhere could break out of the engine (quickjs.h).
"""

from collections.abc import Callable
from functools import cache
from typing import Any, Final, NamedTuple

import _quickjs as quickjs

SLOT: Final = "stepweaveFunction"
"""The global property that a function is handed over in (`prelude.js`)."""
_COMPILE_ONLY: Final = 1 << 5
_BYTECODE: Final = 1
_EXCEPTION: Final = 6
"""JS_EVAL_FLAG_COMPILE_ONLY, JS_WRITE_OBJ_BYTECODE and JS_TAG_EXCEPTION (quickjs.h)."""
_FILE: Final = b"<input>"


class Native(NamedTuple):
    """QuickJS's C functions, and where in a `Context` object its runtime stands (its context is behind it)."""

    ctypes: Any
    library: Any
    value: Any
    offset: int


def put(context: quickjs.Context, name: str, source: Callable[[], str]) -> bool:
    """Put the function that a source is into the global property `SLOT` of a context.

    The first time in a process nothing is compiled: a process that runs one step would only lose by it.

    Args:
        context: a context whose `SLOT` may be set.
        name: of the source, by which its bytecode is kept.
        source: gives the source, an expression that is a function.

    Returns:
        Whether it was put there; if not, the source is to be read.
    """
    if name not in _seen:
        _seen.add(name)
        return False
    code = _code(name, source)
    if code is None:
        return False
    native = _native()
    assert native is not None  # noqa: S101  # there is code
    library, address = native.library, _address(native, context)
    made = library.JS_EvalFunction(address, library.JS_ReadObject(address, code, len(code), _BYTECODE))
    if made.tag == _EXCEPTION:
        library.JS_FreeValue(address, library.JS_GetException(address))
        return False
    whole = library.JS_GetGlobalObject(address)
    library.JS_SetPropertyStr(address, whole, SLOT.encode(), made)
    library.JS_FreeValue(address, whole)
    return True


_seen: set[str] = set()
_codes: dict[str, bytes | None] = {}


def _code(name: str, source: Callable[[], str]) -> bytes | None:
    if name not in _codes:
        _codes[name] = _compiled(source())
    return _codes[name]


def _compiled(source: str) -> bytes | None:
    native = _native()
    if native is None:
        return None
    context = quickjs.Context()
    library, address = native.library, _address(native, context)
    text = source.encode()
    read = library.JS_Eval(address, text, len(text), _FILE, _COMPILE_ONLY)
    if read.tag == _EXCEPTION:
        return None
    size = native.ctypes.c_size_t()
    written = library.JS_WriteObject(address, native.ctypes.byref(size), read, _BYTECODE)
    library.JS_FreeValue(address, read)
    if not written:
        return None
    code: bytes = native.ctypes.string_at(written, size.value)
    library.js_free(address, written)
    return code


def _address(native: Native, context: quickjs.Context) -> int:
    """Return where a context's JSContext is."""
    at = id(context) + native.offset + native.ctypes.sizeof(native.ctypes.c_void_p)
    found: int = native.ctypes.c_void_p.from_address(at).value
    return found


@cache
def _native() -> Native | None:
    """Return QuickJS's C functions; None where the package is not as this file knows it."""
    import ctypes

    class Value(ctypes.Structure):
        """A JSValue on 64-bit machines."""

        _fields_ = (("data", ctypes.c_uint64), ("tag", ctypes.c_int64))

    pointer, size, number, text = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_char_p
    functions: dict[str, tuple[Any, list[Any]]] = {
        "JS_GetRuntime": (pointer, [pointer]),
        "JS_Eval": (Value, [pointer, text, size, text, number]),
        "JS_WriteObject": (pointer, [pointer, ctypes.POINTER(size), Value, number]),
        "JS_ReadObject": (Value, [pointer, text, size, number]),
        "JS_EvalFunction": (Value, [pointer, Value]),
        "JS_GetGlobalObject": (Value, [pointer]),
        "JS_SetPropertyStr": (number, [pointer, Value, text, Value]),
        "JS_GetException": (Value, [pointer]),
        "JS_FreeValue": (None, [pointer, Value]),
        "js_free": (None, [pointer, pointer]),
    }
    try:
        # PyDLL keeps the interpreter's lock: the context belongs to this thread.
        library = ctypes.PyDLL(quickjs.__file__)
        for name, (result, arguments) in functions.items():
            function = getattr(library, name)
            function.restype, function.argtypes = result, arguments
    except (OSError, AttributeError):
        return None
    offset = object.__basicsize__
    context = quickjs.Context()
    is_64_bit = ctypes.sizeof(pointer) == 8  # bytes; smaller machines box values in NaN
    if not is_64_bit or type(context).__basicsize__ < offset + 2 * ctypes.sizeof(pointer):
        return None
    runtime, found = (pointer.from_address(id(context) + offset + at).value for at in (0, 8))
    if not runtime or not found or library.JS_GetRuntime(found) != runtime:
        return None
    return Native(ctypes, library, Value, offset)
