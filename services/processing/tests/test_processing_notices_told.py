"""Notices on the real books and the real topic: each once, in order, whoever dies on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from aiokafka.errors import KafkaError
from kafka_of_tests import read_all
from motcua_kernel.events import Resolved, SupplementRequested, SupplementSupplied
from motcua_kernel.instant import DAY, HOUR, MINUTE, Instant
from motcua_platform.errors import Transient
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.process import Failpoints
from motcua_platform.records import partition_of
from motcua_processing.adapters.notice_books import PostgresNotices
from motcua_processing.adapters.notices_topic import NoticesTopic, read_notices
from motcua_processing.domain.notices import Act, stands
from notice_cases import CODE, IN_HOURS, closed, event, on, received, rungs, worked
from open_books_of_tests import SCHEMA
from watching import Watch, codes, watching

pytestmark = pytest.mark.real

SOON, OVERDUE, WITHDRAWN = Act.DUE_SOON, Act.OVERDUE, Act.WITHDRAWN


@pytest.fixture
async def watch(books_url: str, kafka_bootstrap: str) -> AsyncIterator[Watch]:
    async with watching(books_url, kafka_bootstrap) as opened:
        yield opened


async def test_each_rung_reaches_the_topic_once(watch: Watch) -> None:
    await watch.tell(received(on(2)))
    await watch.at(*(Instant(at) for at in range(on(2), on(13), HOUR // 2)))
    told = await watch.told()
    assert [(one.act, one.rung, one.noticed_at) for one in told] == [
        (SOON, 3, on(4, "07:30")),
        (SOON, 1, on(6, "07:30")),
        (SOON, 0, on(9, "07:30")),
        (OVERDUE, -1, on(10, "07:30")),
    ]
    rows = await watch.desk.pool.fetch(
        "SELECT id, published, withdrawn FROM notice ORDER BY number"
    )
    assert [tuple(row) for row in rows] == [(one.id, True, False) for one in told]


async def test_without_a_change_or_a_later_clock_there_is_nothing_to_do(watch: Watch) -> None:
    await watch.tell(received(on(2)))
    await watch.at(on(4), on(4))
    assert watch.watcher is not None
    assert not watch.watcher.has_work()
    watch.now = Instant(on(4) + HOUR)
    assert not watch.watcher.has_work()
    watch.now = on(6, "07:30")
    assert watch.watcher.has_work()


async def test_a_pause_withdraws_and_its_end_arms_again(watch: Watch) -> None:
    await watch.tell(received(on(2)))
    await watch.at(on(4), on(6))
    await watch.tell(event(SupplementRequested("thieu"), on(6, "09:00")))
    await watch.at(on(6, "09:05"))
    await watch.tell(event(SupplementSupplied(), on(16, "09:00")))
    await watch.at(on(16, "09:05"), on(17), on(18))
    told = await watch.told()
    assert rungs(told) == [
        *((SOON, 3), (SOON, 1), (WITHDRAWN, 1), (WITHDRAWN, 3)),
        *((SOON, 1), (SOON, 0), (OVERDUE, -1)),
    ]
    assert {one.withdraws for one in told[2:4]} == {one.id for one in told[:2]}
    flags = await watch.rows("id, withdrawn, act")
    assert {name: not flag for name, flag, act in flags if act != WITHDRAWN} == stands(told)


async def test_a_swap_day_withdraws_a_false_overdue_of_open_and_closed_dossiers(
    watch: Watch,
) -> None:
    first, second = codes(2)
    await watch.tell(received(on(2), code=first), received(on(2), code=second))
    await watch.at(on(10))
    await watch.tell(event(Resolved(), on(10, "09:00"), second))
    await watch.at(on(10, "09:01"))
    await watch.rule(closed(9), worked(14))
    await watch.at(on(10, "09:30"))
    told = await watch.told()
    assert rungs(told[:2]) == [(OVERDUE, -1)] * 2
    assert {(one.dossier, one.act) for one in told[2:]} == {
        (first, WITHDRAWN),
        (second, WITHDRAWN),
        (first, SOON),
    }


async def test_a_dossier_closed_long_ago_is_looked_at_when_the_calendar_moves_its_due_date(
    watch: Watch,
) -> None:
    await watch.tell(received(on(2)))
    await watch.at(on(10))
    await watch.tell(event(Resolved(), on(10, "09:00")))
    await watch.at(on(11), on(20, month=5))
    await watch.start()
    await watch.rule(closed(9))
    await watch.at(on(20, "08:01", month=5))
    assert rungs(await watch.told()) == [(OVERDUE, -1), (WITHDRAWN, -1)]


async def test_nothing_is_published_at_midnight_at_lunch_or_on_a_weekend(watch: Watch) -> None:
    await watch.rule(worked(14), closed(13))
    for number, code in enumerate(codes(40)):
        await watch.tell(received(Instant(on(2) + number * 3 * HOUR), code=code))
        await watch.tell(
            received(Instant(on(2) + number * 3 * HOUR), IN_HOURS, f"{code[:-4]}9{code[-3:]}")
        )
    await watch.at(*(Instant(at) for at in range(on(2, "00:00"), on(20), 20 * MINUTE)))
    calendar = watch.desk.registry.calendar("24733")
    assert calendar is not None
    told = await watch.told()
    assert len(told) > 100
    assert all(calendar.is_working(one.noticed_at) for one in told)
    days = {one.noticed_at // DAY for one in told}
    assert on(14) // DAY in days
    assert on(13) // DAY not in days
    assert len({one.id for one in told}) == len(told)


async def test_a_long_pause_and_its_end_send_one_notice(watch: Watch) -> None:
    await watch.tell(received(on(2)), event(SupplementRequested("thieu"), on(3)))
    await watch.at(*(Instant(at) for at in range(on(3), on(31), DAY)))
    assert await watch.told() == []
    await watch.tell(event(SupplementSupplied(), on(31)))
    await watch.at(on(3, month=4), on(3, "09:00", month=4))
    assert len(await watch.told()) == 1


async def test_an_outage_of_thirty_minutes_loses_no_notice_and_sends_in_the_order_of_due_dates(
    watch: Watch,
) -> None:
    received_at = [Instant(on(9, "08:00") + place * 3 * MINUTE) for place in range(10)]
    order = list(zip(codes(10), reversed(received_at), strict=True))
    await watch.tell(*(received(at, IN_HOURS, code) for code, at in order))
    await watch.at(on(9, "13:30"))
    before = await watch.told()
    assert len(before) == 10
    await watch.stop()
    # All become overdue between 14:00 and 14:27, while the service is away.
    await watch.start()
    await watch.at(on(9, "14:30"))
    overdue = (await watch.told())[10:]
    assert [one.act for one in overdue] == [OVERDUE] * 10
    assert [one.dossier for one in overdue] == [code for code, _ in reversed(order)]
    dues = [one.due_moment for one in overdue]
    assert dues == sorted(dues)
    assert dues[-1] - dues[0] == 27 * MINUTE


async def test_two_thousand_missed_notices_keep_the_order_of_due_dates(watch: Watch) -> None:
    many = list(codes(2_000))
    for start in range(0, len(many), 500):
        await watch.tell(
            *(
                received(Instant(on(2) + (place * 7919 % 2_000) * MINUTE // 10), code=code)
                for place, code in enumerate(many[start : start + 500], start)
            )
        )
    assert await watch.at(on(20)) == len(many)
    told = await watch.told()
    assert {one.dossier for one in told} == set(many)
    assert [one.due_moment for one in told] == sorted(one.due_moment for one in told)


class Unreachable(NoticesTopic):
    """A topic whose broker is lost before anything is written, or after all is."""

    written = False

    async def write(self, values: Sequence[tuple[str, bytes]]) -> None:
        if self.written:
            await super().write(values)
        raise Transient("Kafka is away") from KafkaError()


@pytest.mark.parametrize("written", [False, True], ids=["before", "after"])
async def test_a_broker_lost_before_or_after_the_write_loses_no_notice(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, written: bool
) -> None:
    await watch.tell(received(on(2)))
    monkeypatch.setattr(Unreachable, "written", written)
    with monkeypatch.context() as patched:
        patched.setattr("watching.NoticesTopic", Unreachable)
        await watch.start()
        with pytest.raises(Transient):
            await watch.at(on(9))
    await watch.start()
    assert await watch.at(on(9, "08:01")) == 1
    told = await watch.told()
    assert {one.id for one in told} == {told[0].id}
    assert len(told) == 1 + written


class Died(BaseException):
    """Stands for the end of the process."""


class Deadly(Failpoints):
    """A named place that ends the process, as far as a test can let it end."""

    def reach(self, name: str) -> None:
        if name == self._name:
            raise Died


@pytest.mark.parametrize("place", ["notices.after_commit", "notices.before_mark"])
async def test_a_death_between_commit_and_mark_loses_no_notice(watch: Watch, place: str) -> None:
    await watch.tell(received(on(2)))
    await watch.start(Deadly(place))
    with pytest.raises(Died):
        await watch.at(on(9))
    await watch.start()
    assert await watch.at(on(9, "08:01")) == 1
    assert await watch.at(on(9, "08:02"), on(9, "16:00")) == 0
    told = await watch.told()
    assert {(one.rung, one.id) for one in told} == {(0, told[0].id)}
    assert len(told) == (1 if place == "notices.after_commit" else 2)


async def test_what_a_death_left_over_is_not_published_at_night(watch: Watch) -> None:
    await watch.tell(received(on(2)))
    await watch.start(Deadly("notices.after_commit"))
    with pytest.raises(Died):
        await watch.at(on(9, "17:29"))
    await watch.start()
    assert await watch.at(on(9, "23:00"), on(10, "03:00")) == 0
    await watch.at(on(10, "07:30"))
    assert rungs(await watch.told()) == [(SOON, 0), (OVERDUE, -1)]


async def test_nothing_is_decided_while_dossiers_rest_on_another_registry(watch: Watch) -> None:
    await watch.tell(received(on(2)))
    await watch.desk.pool.execute("UPDATE registry_position SET registry_offset = 99")
    assert await watch.at(on(9)) == 0
    await watch.rule()
    assert await watch.at(on(9, "08:01")) == 1


async def test_books_made_anew_from_the_log_send_nothing_again(watch: Watch) -> None:
    await watch.tell(received(on(2)))
    await watch.at(on(4), on(6))
    paused = event(SupplementRequested("thieu"), on(6, "09:00"))
    await watch.tell(paused)
    await watch.at(on(6, "09:05"))
    before = await watch.told()
    columns = "id, withdrawn, published, record"
    kept = await watch.rows(columns)
    await watch.stop()
    await watch.desk.pool.execute("TRUNCATE notice")

    books = PostgresNotices(watch.url, SCHEMA)
    await books.start()
    assert await books.are_empty()
    await books.refill(
        read_notices(KafkaConnection(watch.bootstrap), watch.topic, {}, {0: len(before)})
    )
    await books.stop()

    assert await watch.rows(columns) == kept
    await watch.start()
    assert await watch.at(on(6, "10:00")) == 0
    assert await watch.told() == before


async def test_a_notice_lies_in_the_partition_of_its_dossier(
    books_url: str, kafka_bootstrap: str
) -> None:
    async with watching(books_url, kafka_bootstrap, partitions=6) as watch:
        await watch.tell(*(received(on(2), code=code) for code in codes(20)))
        await watch.at(on(9))
        records = await read_all(watch.bootstrap, watch.topic)
    assert len({one.partition for one in records}) > 1
    assert all(one.partition == partition_of(one.key or b"", 6) for one in records)
    assert CODE.encode() in {one.key for one in records}
