"""The watcher of deadlines on real books and a real topic of a test's own."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from event_records import record
from kafka_of_tests import create_topic, read_all
from loaded_sample import new_name
from motcua_contracts.topics import DEADLINE_NOTICES, topics
from motcua_kernel.events import Event
from motcua_kernel.instant import Instant
from motcua_kernel.registry import Entry, Registry
from motcua_kernel.state import NEVER
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.process import Failpoints
from motcua_processing.adapters.notice_books import PostgresNotices
from motcua_processing.adapters.notices_topic import NoticesTopic, notice_from_value
from motcua_processing.application.folding import fold_dossiers
from motcua_processing.application.notice_deadlines import Watcher
from motcua_processing.domain.notices import Notice
from notice_cases import registry_with
from open_books_of_tests import SCHEMA, Desk, open_desk


@dataclass(slots=True)
class Watch:
    """Books, a topic, and a clock that the test sets."""

    desk: Desk
    url: str
    bootstrap: str
    topic: str
    now: Instant = NEVER
    offsets: int = 0
    watcher: Watcher | None = None
    opened: list[PostgresNotices | NoticesTopic] = field(default_factory=list)

    async def tell(self, *events: Event) -> None:
        """Events reach the log and are applied."""
        records = [
            record(event, offset=self.offsets + place, appended_at=self.now)
            for place, event in enumerate(events)
        ]
        self.offsets += len(events)
        await self.desk.apply(*records)
        if self.watcher is not None:
            self.watcher.ring()

    async def rule(self, *entries: Entry) -> None:
        """The registry goes on, and everything is projected anew."""
        registry = self.desk.registry
        given = list(enumerate(entries, registry.offset + 1))
        self.desk.registry = registry.with_entries(given)
        codes = {row[0] for row in await self.desk.pool.fetch("SELECT code FROM dossiers")}
        async with self.desk.store.transaction() as books:
            await fold_dossiers(books, {}, codes, self.desk.registry)
            await books.set_registry_position(self.desk.registry.offset)

    async def start(self, failpoints: Failpoints | None = None) -> Watcher:
        """A watcher as a new process has it; what was before is dead."""
        await self.stop()
        books, topic = (
            PostgresNotices(self.url, SCHEMA),
            NoticesTopic(KafkaConnection(self.bootstrap), self.topic),
        )
        self.opened = [books, topic]
        await books.start()
        await topic.start()
        self.watcher = Watcher(
            books,
            topic,
            now=lambda: self.now,
            registry=lambda: self.desk.registry,
            failpoints=failpoints or Failpoints(),
        )
        return self.watcher

    async def at(self, *moments: Instant) -> int:
        """One round at each moment; returns how many notices were published."""
        watcher = self.watcher or await self.start()
        sent = 0
        for moment in moments:
            self.now = moment
            if watcher.has_work():
                sent += await watcher.round()
        return sent

    async def told(self) -> list[Notice]:
        """Every record of the topic, in the order of its partitions."""
        records = await read_all(self.bootstrap, self.topic)
        return [notice_from_value(one.value or b"") for one in records]

    async def rows(self, columns: str) -> list[tuple[Any, ...]]:
        """Columns of the notices in the books, in the order of publication."""
        found = await self.desk.pool.fetch(f"SELECT {columns} FROM notice ORDER BY number")
        return [tuple(row) for row in found]

    async def stop(self) -> None:
        """Let the watcher die."""
        for one in self.opened:
            await one.stop()
        self.opened = []
        self.watcher = None


@asynccontextmanager
async def watching(
    url: str, bootstrap: str, *entries: Entry, partitions: int = 1
) -> AsyncGenerator[Watch]:
    """A watch over empty books; one partition shows the order of publication."""
    name = new_name("notices")
    create_topic(bootstrap, replace(topics()[DEADLINE_NOTICES], name=name, partitions=partitions))
    async with open_desk(url, registry=Registry()) as desk:
        watch = Watch(desk, url, bootstrap, name)
        desk.registry = registry_with(*entries)
        await watch.rule()
        try:
            yield watch
        finally:
            await watch.stop()


def codes(count: int) -> Iterable[str]:
    """So many dossier codes."""
    return (f"000.00.31.H16-260302-{number:04}" for number in range(1, count + 1))
