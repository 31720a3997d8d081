"""What has been decided is read again from its topic, whatever else stands there."""

from __future__ import annotations

import pytest
from kafka_of_tests import create_topic, write_records
from loaded_sample import new_name
from motcua.admin.v1.admin_pb2 import AdminEvent
from motcua_contracts.topics import ADMIN_EVENTS, topics
from motcua_platform.kafka_connection import KafkaConnection
from motcua_processing.adapters.admin_events import read_admin_events

pytestmark = pytest.mark.real


async def test_a_record_that_nobody_can_read_is_passed_over(kafka_bootstrap: str) -> None:
    create_topic(kafka_bootstrap, topics()[ADMIN_EVENTS])
    before, after = new_name("decision"), new_name("decision")
    values = (
        AdminEvent(id=before).SerializeToString(),
        b"\xff no event",
        AdminEvent(id=after).SerializeToString(),
    )
    await write_records(kafka_bootstrap, ADMIN_EVENTS, [(b"key", value, []) for value in values])

    found = [
        AdminEvent.FromString(value).id
        async for values in read_admin_events(KafkaConnection(kafka_bootstrap))
        for value in values
    ]

    assert found[-2:] == [before, after]
