"""Reads that many parts of one view ask for, such as the town's calendar: read once for all of them.

Only within :func:`reading_once`, and nothing may be written there: what was read is not looked at again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_kept: ContextVar[dict[Any, Any] | None] = ContextVar("read_once", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """Keep the answers of all functions marked with :func:`once` until the end of the block."""
    if _kept.get() is not None:
        yield
        return
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def once(read: Callable[_P, _R]) -> Callable[_P, _R]:
    """Mark a read whose arguments are hashable and whose answer nobody changes."""

    @wraps(read)
    def reading(*arguments: _P.args, **options: _P.kwargs) -> _R:
        kept = _kept.get()
        if kept is None:
            return read(*arguments, **options)
        key = (read, arguments, tuple(sorted(options.items())))
        if key not in kept:
            kept[key] = read(*arguments, **options)
        answer: _R = kept[key]
        return answer

    return reading
