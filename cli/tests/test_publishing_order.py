from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from motcua_cli.errors import CommandError
from motcua_cli.publishing.deliveries import Delivery, batches, count_lines, read_deliveries


def _deliveries(publishers: Iterable[str]) -> list[Delivery]:
    return [
        Delivery(publisher, {"id": str(number), "subject": f"{number % 3}"})
        for number, publisher in enumerate(publishers)
    ]


_drawn = st.lists(st.sampled_from("abc"), max_size=40).map(_deliveries)


def _by_publisher(pairs: Iterable[tuple[str, Any]]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for publisher, event in pairs:
        found[publisher].append(event)
    return dict(found)


@given(_drawn, st.integers(1, 7))
def test_batches_hold_each_publishers_events_in_order(
    deliveries: list[Delivery], size: int
) -> None:
    cut = list(batches(deliveries, size))
    sent = ((batch.publisher, event) for batch in cut for event in batch.events)
    assert _by_publisher(sent) == _by_publisher((one.publisher, one.event) for one in deliveries)


@given(_drawn, st.integers(1, 7))
def test_batches_are_full_but_for_the_last_of_a_publisher(
    deliveries: list[Delivery], size: int
) -> None:
    sizes = _by_publisher(
        (batch.publisher, len(batch.events)) for batch in batches(deliveries, size)
    )
    for of_one in sizes.values():
        assert all(length == size for length in of_one[:-1])
        assert 1 <= of_one[-1] <= size


def test_a_file_of_deliveries_is_read_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "year.jsonl"
    file.write_text(
        '{"publisher": "p", "delivered_at": 1, "event": {"id": "1"}}\n\n'
        '{"publisher": "q", "delivered_at": "2020-01-01", "event": {"id": "2"}}\n'
    )
    assert [one.publisher for one in read_deliveries(file)] == ["p", "q"]
    assert count_lines(file) == 2


@pytest.mark.parametrize("line", ["{", '{"publisher": "p"}', '{"publisher": 1, "event": {}}'])
def test_a_line_that_is_no_delivery_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "year.jsonl"
    file.write_text('{"publisher": "p", "event": {}}\n' + line + "\n")
    with pytest.raises(CommandError) as caught:
        list(read_deliveries(file))
    assert f"{file}:2" in caught.value.english
