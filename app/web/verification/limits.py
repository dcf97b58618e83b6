"""How often one address may ask the public check; held in memory, bounded in number."""

import threading
import time
from collections import OrderedDict, deque

from app.core.errors import QuotaExceeded
from app.core.i18n import N_, Message

_MOST_ADDRESSES = 10_000


class SlidingWindow:
    """Counts calls per key over the last seconds; the keys longest unused are forgotten first."""

    def __init__(self, calls: int, seconds: float) -> None:
        self.calls, self.seconds = calls, seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> None:
        """Count a call.

        Raises:
            QuotaExceeded: the key has used its calls; says when to come back.
        """
        moment = time.monotonic()
        with self._lock:
            calls = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while calls and moment - calls[0] > self.seconds:
                calls.popleft()
            if len(calls) >= self.calls:
                wait = max(1, round(self.seconds - (moment - calls[0])))
                raise QuotaExceeded(
                    Message(
                        N_("Terlalu banyak pemeriksaan. Coba lagi dalam %(count)s detik."),
                        {"count": wait},
                    ),
                    retry_after=wait,
                )
            calls.append(moment)
            while len(self._seen) > _MOST_ADDRESSES:
                self._seen.popitem(last=False)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._seen.clear()


# Codes cannot be guessed (130 bits); the limits keep one address from loading the server.
CODES = SlidingWindow(calls=120, seconds=60)
FILES = SlidingWindow(calls=20, seconds=60)
