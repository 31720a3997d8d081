"""Records of the log as aiokafka reads them, apart from FastStream: for what only reads."""

# pyright: reportUnknownVariableType=false
# The annotations of aiokafka are incomplete.

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aiokafka import ConsumerRecord, partitioner

Record = ConsumerRecord[bytes, bytes]
Records = tuple[Record, ...]

_murmur2: Callable[[bytes], int] = partitioner.murmur2


@dataclass(frozen=True, slots=True)
class RecordBatch:
    """The records of one poll; in a value of its own, as FastStream spreads a bare tuple."""

    records: Records


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key by murmur2, which all our producers use.

    >>> partition_of(b"abc", 24)
    3
    """
    return (_murmur2(key) & 0x7FFFFFFF) % partitions
