"""How often somebody may do something: so many times in so many seconds, then wait.

In: a key (an address, a user's name) for each try. Out: the seconds to wait, 0 if it may go on.
Held in memory: a restart forgets it, which is why what it guards must be slow or harmless too.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

KEYS_KEPT = 10_000
"""Keys remembered at once; with more the one that has been silent longest is forgotten."""


class Rate:
    """A bucket for each key that holds `most` tries and fills again within `seconds`."""

    def __init__(
        self, most: float, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._refill = most / seconds
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: str) -> float:
        """Counts a try; seconds until the next is allowed where this one is one too many."""
        with self._lock:
            left, now = self._now(key)
            if left < 1:
                return (1 - left) / self._refill
            self._keep(key, left - 1, now)
            return 0.0

    def wait(self, key: str) -> float:
        """Seconds until a try is allowed, without counting one."""
        with self._lock:
            left, _ = self._now(key)
            return max(0.0, (1 - left) / self._refill)

    def forget(self, key: str) -> None:
        """Gives a key all its tries back, as after a login that succeeded."""
        with self._lock:
            self._left.pop(key, None)

    def _now(self, key: str) -> tuple[float, float]:
        now = self._clock()
        left, then = self._left.get(key, (self._most, now))
        return min(self._most, left + (now - then) * self._refill), now

    def _keep(self, key: str, left: float, now: float) -> None:
        self._left[key] = left, now
        self._left.move_to_end(key)
        while len(self._left) > KEYS_KEPT:
            self._left.popitem(last=False)
