"""How much may come: token buckets with a bounded memory, in real time.

The headers are those of the IETF draft *RateLimit header fields for HTTP* (httpapi).
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

import msgspec

MINUTE_SECONDS: Final = 60
DAY_SECONDS: Final = 86_400


class Limit(NamedTuple):
    """So many in a window, under the name that the headers use; 0: without end."""

    name: str
    quota: int
    window_seconds: int


class Left(NamedTuple):
    """What is left of a limit, and the seconds until more is there."""

    limit: Limit
    remaining: int
    wait_seconds: int
    exceeded: bool


class _Bucket(msgspec.Struct):
    level: float
    at: float


class Meter:
    """One bucket for each (name, limit): it holds the quota and fills up evenly over the window.

    The least recently used are forgotten beyond `capacity`; forgotten is full.
    """

    def __init__(self, capacity: int = 10_000, now: Callable[[], float] = time.monotonic) -> None:
        self._buckets: OrderedDict[tuple[str, Limit], _Bucket] = OrderedDict()
        self._capacity = capacity
        self._now = now

    def take(self, name: str, limits: tuple[Limit, ...], count: int) -> list[Left]:
        """Take `count` from every limit of a name, or from none where one has too little.

        A count beyond a whole quota passes when the bucket is full, and empties it.
        """
        buckets = [self._filled(name, limit) for limit in limits]
        taken = [min(count, limit.quota) for limit in limits]
        lacking = [bucket.level < one for bucket, one in zip(buckets, taken, strict=True)]
        if not any(lacking):
            for bucket, one in zip(buckets, taken, strict=True):
                bucket.level -= one
        return [
            Left(limit, math.floor(bucket.level), self._wait(limit, bucket, one), exceeded)
            for limit, bucket, one, exceeded in zip(limits, buckets, taken, lacking, strict=True)
        ]

    def _filled(self, name: str, limit: Limit) -> _Bucket:
        key, now = (name, limit), self._now()
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(float(limit.quota), now)
            while len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(key)
        rate = limit.quota / limit.window_seconds
        bucket.level = min(float(limit.quota), bucket.level + (now - bucket.at) * rate)
        bucket.at = now
        return bucket

    @staticmethod
    def _wait(limit: Limit, bucket: _Bucket, wanted: int) -> int:
        missing = max(0.0, wanted - bucket.level)
        return math.ceil(missing * limit.window_seconds / limit.quota)


def headers_of(left: list[Left]) -> dict[str, str]:
    """The headers that tell a client its limits.

    >>> headers_of([Left(Limit("minute", 600, 60), 599, 1, False)])
    {'RateLimit-Policy': '"minute";q=600;w=60', 'RateLimit': '"minute";r=599;t=1'}
    """
    if not left:
        return {}
    policies = (
        f'"{one.limit.name}";q={one.limit.quota};w={one.limit.window_seconds}' for one in left
    )
    states = (f'"{one.limit.name}";r={one.remaining};t={one.wait_seconds}' for one in left)
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(states)}
