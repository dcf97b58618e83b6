"""The inner loop of the index: coarse integer scores, by NumPy or by compiled code."""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.engine.records import Levels

Sums = NDArray[np.uint16]
RUN = 2048
Coarse = Callable[[Levels, NDArray[np.intp], Levels, Sums, int, int, Sums], None]


class Kernel(NamedTuple):
    """A way to run the inner loop, and how many people it takes at once."""

    name: str
    coarse: Coarse
    block: int


def spread(caps: Levels, size: int) -> Levels:
    """Return the caps side by side, (n_asked, size).

    NumPy compares two arrays of bytes many at a time, but an array with one number singly:
    writing the number out first is ten times quicker.
    """
    tile = np.empty((len(caps), size), np.uint8)
    tile[:] = caps[:, None]
    return tile


def coarse_numpy(
    store: Levels,
    columns: NDArray[np.intp],
    caps: Levels,
    steps: Sums,
    start: int,
    stop: int,
    out: Sums,
) -> None:
    """Write sum of step x min(level, cap) over the columns for people start..stop into `out`."""
    size = stop - start
    capped = spread(caps, size)
    product = np.empty(size, np.uint16)
    total = out[:size]
    total[:] = 0
    for row, column, step in zip(capped, columns, steps, strict=True):
        np.minimum(store[column, start:stop], row, out=row)
        product[:] = row
        product *= step
        total += product


def _coarse_loop(
    store: Levels,
    columns: NDArray[np.intp],
    caps: Levels,
    steps: Sums,
    start: int,
    stop: int,
    out: Sums,
) -> None:
    # A run's sums and one column's bytes of it stay in the nearest cache for all columns.
    for low in range(start, stop, RUN):
        high = min(low + RUN, stop)
        total = out[low - start : high - start]
        total[:] = 0
        for j in range(len(columns)):
            # Slices start at zero, so that the compiler sees no negative index and uses vectors.
            column = store[columns[j], low:high]
            cap = caps[j]
            step = steps[j]
            for i in range(high - low):
                level = column[i]
                total[i] += step * np.uint16(level if level < cap else cap)


NUMPY = Kernel("NumPy", coarse_numpy, 1 << 16)


@cache
def compiled() -> Kernel | None:
    """Return the compiled loop, or None where numba is not installed.

    numba is optional, and loading it takes half a second: only pools of many thousands ask.
    """
    try:
        from numba import njit
    except ImportError:
        return None
    return Kernel("compiled", njit(nogil=True)(_coarse_loop), 1 << 17)


def quickest() -> Kernel:
    """Return the compiled loop where it can be had, else the one of NumPy."""
    return compiled() or NUMPY
