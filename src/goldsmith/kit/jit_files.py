"""Keeps the machine code of compiled functions in files: no process takes one for another, or one of older source."""

import fcntl
import functools
import os
import pickle
from collections.abc import Callable, Iterator
from glob import escape
from hashlib import sha256
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, cast

import numpy as np

# Any: numba's caches, which have no types of their own, and the values of a module.

_UNREADABLE = (AttributeError, ImportError, EOFError, TypeError, ValueError, pickle.UnpicklingError)
"""What loading raises when the file names what is no longer there, or is damaged."""


def keep_in_files(cache: Any, function: Any) -> None:
    """Have numba's cache of `function` heed what the function is made of, and what other processes do.

    Args:
        cache: numba's `_cache` of one function.
        function: the function with what it is compiled from as `__wrapped__`.
    """
    files: Any = cache._cache_file  # noqa: SLF001 - there is no other way to it
    load: Callable[[], Any] = files._load_index  # noqa: SLF001

    def readable() -> Any:
        try:
            return load()
        except _UNREADABLE:  # such as a type of arguments that an older version had: compile again
            return {}

    files._source_stamp = digest_of(function)  # noqa: SLF001
    files._load_index = readable  # noqa: SLF001
    files.save = functools.partial(save_apart, files)


def save_apart(files: Any, key: object, code: object) -> None:
    """Keep the machine code of one signature where no other process can mistake it for that of another.

    numba numbers its files by an index that it read before, so two processes that compile at once, as the first run on
    two cores does, can give one number to two signatures; whoever loads the wrong one crashes. Here a file is named by
    what it is of, it is written before the index names it, and only one process at a time changes an index. What the
    new index does not name, such as code of older source, is removed; who still looks for it compiles again.

    Args:
        files: numba's files of one function.
        key: the signature, the machine and the function's code.
        code: what numba keeps of it.
    """
    label = sha256(repr((key, files._source_stamp)).encode()).hexdigest()[:24]  # noqa: SLF001
    base = files._index_name.removesuffix(".nbi")  # noqa: SLF001
    name = f"{base}.{label}.nbc"
    path = Path(files._cache_path)  # noqa: SLF001
    folder = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        files._save_data(name, code)  # noqa: SLF001
        index = {**files._load_index(), key: name}  # noqa: SLF001
        files._save_index(index)  # noqa: SLF001
        for old in path.glob(f"{escape(base)}.*.nbc"):
            if old.name not in index.values():
                old.unlink(missing_ok=True)
    finally:
        os.close(folder)


def digest_of(function: Any) -> str:
    """A hash of what a function is made of: its code, the constants that it uses, and the functions that it calls.

    numba itself looks at the age of the function's own file, and so misses a constant or a function that another file
    holds; and it compiles again when a file was touched and nothing changed.
    """
    whole = sha256()
    for part in _parts(function, set()):
        whole.update(part.encode(errors="surrogatepass"))
        whole.update(b"\0")
    return whole.hexdigest()


def _parts(compiled: Any, seen: set[FunctionType]) -> Iterator[str]:
    function: FunctionType = compiled.__wrapped__
    if function in seen:
        return
    seen.add(function)
    yield f"{function.__module__}.{function.__qualname__} {sorted(compiled.options.items())}"
    yield from map(_written, function.__annotations__.values())
    code = function.__code__
    yield from _code_parts(code)
    for name in code.co_names:
        if name not in function.__globals__:
            continue
        value = function.__globals__[name]
        yield from _value_parts(name, value, seen)
        if isinstance(value, ModuleType):  # `module.constant` and `module.function` name both
            for inner in code.co_names:
                if hasattr(value, inner):
                    yield from _value_parts(f"{name}.{inner}", getattr(value, inner), seen)


def _value_parts(name: str, value: object, seen: set[FunctionType]) -> Iterator[str]:
    if hasattr(value, "__wrapped__") and hasattr(value, "options"):  # what is compiled as well
        yield from _parts(value, seen)
    else:
        yield f"{name}={_written(value)}"


def _code_parts(code: CodeType) -> Iterator[str]:
    yield f"{code.co_code.hex()} {code.co_names} {code.co_varnames} {code.co_freevars}"
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _code_parts(each)
        else:
            yield repr(each)


def _written(value: object) -> str:
    """A value as text that is the same in every process: constants in full, all else by name."""
    match value:
        case None | bool() | int() | float() | str() | bytes():
            return repr(value)
        case np.generic():
            return repr(cast("np.generic[Any]", value))
        case np.ndarray():
            held = cast("np.ndarray[Any, Any]", value)
            return f"{held.dtype}{held.shape}{sha256(held.tobytes()).hexdigest()}"
        case tuple():
            return f"({','.join(map(_written, cast('tuple[object, ...]', value)))})"
        case type():
            fields = cast("tuple[str, ...]", getattr(value, "_fields", ()))
            return f"{value.__module__}.{value.__qualname__}{fields}{[_written(each) for each in _types(value)]}"
        case _:
            return f"{type(value).__qualname__} {getattr(value, '__name__', '')}"


def _types(kind: type) -> tuple[object, ...]:
    """The types of the fields of a tuple with names."""
    return tuple(kind.__annotations__.values()) if hasattr(kind, "_fields") else ()
