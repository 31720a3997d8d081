"""The order, the repetitions and the legality of what is delivered."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from google.protobuf.json_format import ParseDict
from motcua.dossier.v1 import events_pb2
from motcua_sample_dak_rlap import END, PUBLISHERS, Delivery, generate
from motcua_sample_dak_rlap.counts import clean, kind_of
from motcua_sample_dak_rlap.instants import local, parse_rfc3339
from motcua_sample_dak_rlap.office_hours import WINDOWS, is_working_day

if TYPE_CHECKING:
    from pathlib import Path

HALF_HOUR = 30 * 60_000
RUNNING = (2, 4)
TRANSITIONS = {
    "Filed": {0: 1},
    "Received": {0: 2, 1: 2},
    "Refused": {1: 3, 5: 3},
    "Forwarded": {2: 4, 4: 4},
    "SupplementRequested": {1: 5, 2: 5, 4: 5},
    "PaymentRequested": {4: 6},
    "PaymentPaid": {6: 4},
    "Extended": {2: 2, 4: 4},
    "Stopped": {4: 8},
    "Resumed": {8: 4},
    "Withdrawn": {1: 7, 2: 7, 4: 7, 5: 7, 6: 7},
    "Resolved": {2: 9, 4: 9},
    "Returned": {9: 10},
}


def statuses(story: list[dict[str, Any]]) -> list[int]:
    """The statuses of a story; a KeyError where a transition is not legal."""
    status, asked_in, final, seen = 0, 0, False, [0]
    for event in story:
        assert not final
        kind = kind_of(event)
        if kind == "SupplementSupplied":
            assert status == 5
            assert asked_in in RUNNING
            status = asked_in
        else:
            asked_in = status if kind == "SupplementRequested" else asked_in
            status = TRANSITIONS[kind][status]
        final = bool(event["data"].get("final"))
        seen.append(status)
    return seen


def test_the_same_seed_gives_the_same_deliveries(deliveries: list[Delivery]) -> None:
    assert generate(2020) == deliveries


def test_only_legal_transitions_occur_and_all_ten_statuses_end_a_dossier(
    any_deliveries: list[Delivery],
) -> None:
    stories = clean(delivery.event for delivery in any_deliveries)
    ends = Counter(statuses(story)[-1] for story in stories.values())
    assert set(ends) == set(range(1, 11))


def test_about_twelve_percent_come_late(any_deliveries: list[Delivery]) -> None:
    first: dict[str, Delivery] = {}
    for delivery in any_deliveries:
        first.setdefault(delivery.event["id"], delivery)
    late = sum(
        delivery.delivered_at - parse_rfc3339(delivery.event["time"]) > HALF_HOUR
        for delivery in first.values()
    )
    assert 0.11 < late / len(first) < 0.13


def test_three_percent_come_twice_and_are_identical(any_deliveries: list[Delivery]) -> None:
    by_id: dict[tuple[str, str], list[Delivery]] = defaultdict(list)
    for delivery in any_deliveries:
        by_id[delivery.publisher, delivery.event["id"]].append(delivery)
    twice = [group for group in by_id.values() if len(group) > 1]
    assert 0.025 < len(twice) / len(by_id) < 0.035
    assert all(group[0].event == group[1].event and len(group) == 2 for group in twice)


def test_delivery_order_differs_from_occurrence_inside_dossiers(
    deliveries: list[Delivery],
) -> None:
    last_seen: dict[str, str] = {}
    disturbed: set[str] = set()
    for delivery in deliveries:
        code, at = delivery.event["subject"], delivery.event["time"]
        if at < last_seen.get(code, ""):
            disturbed.add(code)
        last_seen[code] = max(at, last_seen.get(code, ""))
    assert len(disturbed) > 500


def test_nothing_occurs_or_arrives_after_the_end(any_deliveries: list[Delivery]) -> None:
    arrivals = [delivery.delivered_at for delivery in any_deliveries]
    assert arrivals == sorted(arrivals)
    assert arrivals[-1] <= END
    for delivery in any_deliveries:
        assert parse_rfc3339(delivery.event["time"]) <= delivery.delivered_at


def test_office_events_occur_in_working_time(deliveries: list[Delivery]) -> None:
    for delivery in deliveries:
        if kind_of(delivery.event) != "Filed":
            at = local(parse_rfc3339(delivery.event["time"]))
            minute = at.hour * 60 + at.minute
            assert is_working_day(at.date())
            assert any(opening <= minute < closing for opening, closing in WINDOWS)


def test_sequences_rise_with_the_events_of_a_source(deliveries: list[Delivery]) -> None:
    by_source: dict[str, dict[int, str]] = defaultdict(dict)
    for delivery in deliveries:
        event = delivery.event
        assert event["source"] == f"/{delivery.publisher}/mot-cua"
        by_source[event["source"]][int(event["sequence"])] = event["time"]
    assert len(by_source) == len(PUBLISHERS) == 12
    for told in by_source.values():
        assert sorted(told) == list(range(1, len(told) + 1))
        assert [told[number] for number in sorted(told)] == sorted(told.values())


def test_events_fit_the_messages_of_the_contract(deliveries: list[Delivery]) -> None:
    kinds: Counter[str] = Counter()
    for delivery in deliveries:
        event = delivery.event
        kinds[kind_of(event)] += 1
        data = dict(event["data"])
        if "channel" in data:
            data["channel"] = f"CHANNEL_{data['channel'].upper()}"
        ParseDict(data, getattr(events_pb2, kind_of(event))())
        assert re.fullmatch(r"000\.\d{2}\.31\.H16-20\d{4}-\d{4}", event["subject"])
    assert set(kinds) == {*TRANSITIONS, "SupplementSupplied", "Voided"}


def test_voids_take_back_an_event_of_the_same_publisher(deliveries: list[Delivery]) -> None:
    known = {(each.publisher, each.event["id"]): each.event for each in deliveries}
    voids = [each for each in deliveries if kind_of(each.event) == "Voided"]
    assert len(voids) > 20
    for void in voids:
        wrong = known[void.publisher, void.event["data"]["event_id"]]
        assert wrong["subject"] == void.event["subject"]
        assert wrong["time"][:10] == void.event["time"][:10]


def test_the_command_writes_json_lines(tmp_path: Path) -> None:
    out = tmp_path / "sample.jsonl"
    command = [sys.executable, "-m", "motcua_sample_dak_rlap", "--seed", "7", "--out", str(out)]
    done = subprocess.run([*command, "--counts"], check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout)
    assert (figures["received"], figures["resolved"]) == (11_960, 10_870)
    lines = out.read_text(encoding="utf-8").splitlines()
    assert len(lines) == figures["deliveries"]
    assert set(json.loads(lines[0])) == {"publisher", "delivered_at", "event"}
