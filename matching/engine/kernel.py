"""The inner loop of the index: coarse integer scores, by compiled code when numba is there."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matching.engine.records import Levels

Sums = NDArray[np.uint16]
Coarse = Callable[[Levels, NDArray[np.intp], Levels, Sums, int, int, Sums], None]

try:
    # The only import of numba: optional, for pools of a million and more.
    from numba import njit
except ImportError:
    njit = None


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
    capped = np.empty(size, np.uint8)
    product = np.empty(size, np.uint16)
    out[:size] = 0
    for column, cap, step in zip(columns, caps, steps, strict=True):
        np.minimum(store[column, start:stop], cap, out=capped)
        np.multiply(capped, step, out=product, dtype=np.uint16)
        np.add(out[:size], product, out=out[:size])


def _coarse_loop(
    store: Levels,
    columns: NDArray[np.intp],
    caps: Levels,
    steps: Sums,
    start: int,
    stop: int,
    out: Sums,
) -> None:
    size = stop - start
    total = out[:size]
    total[:] = 0
    for j in range(len(columns)):
        # Slices start at zero, so that the compiler sees no negative index and uses vectors.
        column = store[columns[j], start:stop]
        cap = caps[j]
        step = steps[j]
        for i in range(size):
            level = column[i]
            total[i] += step * np.uint16(level if level < cap else cap)


def compiled() -> bool:
    """Tell whether the compiled kernel is in use."""
    return njit is not None


coarse: Coarse = coarse_numpy if njit is None else njit(_coarse_loop, nogil=True)
# Compiled code keeps its sums in the nearest cache; NumPy needs longer runs per call.
BLOCK = 1 << (15 if compiled() else 16)
