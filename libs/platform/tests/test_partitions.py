"""Our murmur2 partition is the one that aiokafka and Java choose."""

from __future__ import annotations

from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st
from motcua_platform.records import partition_of


@given(st.binary(min_size=1, max_size=40), st.integers(1, 200))
def test_partitions_are_those_of_the_default_partitioner(key: bytes, count: int) -> None:
    partitions = list(range(count))
    assert partition_of(key, count) == DefaultPartitioner()(key, partitions, partitions)


def test_known_keys_keep_their_partition_for_ever() -> None:
    known = {b"000.00.31.H16-200106-0001": 24, b"H16.25-260302-0001": 24}
    assert [partition_of(key, count) for key, count in known.items()] == [5, 8]
