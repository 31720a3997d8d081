from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from motcua_intake.domain.json_events import read_event
from motcua_intake.testing import NOW, received, small_registry
from motcua_kernel.admission import Admission
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.events import Event, Kind
from motcua_kernel.instant import MINUTE, Instant, format_local
from motcua_kernel.parties import Publisher

REGISTRY = small_registry()


def judged(event: dict[str, Any], publisher: str = "dak-rlap") -> Event:
    read = read_event(publisher, msgspec.Raw(json.dumps(event).encode()))
    Admission(REGISTRY, REGISTRY.publishers[publisher]).check(read, NOW)
    return read


def broken_rule(event: dict[str, Any], publisher: str = "dak-rlap") -> tuple[str, str]:
    with pytest.raises(Rejected) as caught:
        judged(event, publisher)
    return caught.value.field, caught.value.rule


def with_data(**changes: str) -> dict[str, Any]:
    return received(data=received()["data"] | changes)


def test_a_good_event_is_what_the_publisher_told() -> None:
    event = judged(received(7))
    assert (event.publisher, event.event_id, event.sequence) == ("dak-rlap", "e-7", 7)
    assert event.kind is Kind.RECEIVED
    assert format_local(event.occurred_at) == "2020-01-06T08:15:00+07:00"


@pytest.mark.parametrize(
    ("event", "field", "rule"),
    [
        (received(id="a\nb"), "/id", "id"),
        (received(id="Nguyễn Văn A"), "/id", "id"),
        (received(id="a@b.vn"), "/id", "id"),
        (received(source="a\x00"), "/source", "source"),
        (received(subject="000.00.31.H16-200431-0001"), "/subject", "dossier-code"),
        (received(subject="H16"), "/subject", "dossier-code"),
        (received(time="2020-01-06T08:15:00"), "/time", "time"),
        (received(time="2020-02-30T08:15:00+07:00"), "/time", "time"),
        (received(time="1999-12-31T23:59:59+07:00"), "/time", "past"),
        (received(sequence="-1"), "/sequence", "sequence"),
        (received(sequence="٣"), "/sequence", "sequence"),
        (received(sequence="9223372036854775808"), "/sequence", "sequence"),
        (with_data(procedure="1.999999"), "/data/procedure", "procedure"),
        (with_data(receiving_unit="000"), "/data/receiving_unit", "unit"),
        (with_data(resolving_unit="000"), "/data/resolving_unit", "unit"),
        (with_data(reporting_unit="000"), "/data/reporting_unit", "unit"),
        (with_data(department="x\ty"), "/data/department", "code"),
        (with_data(department="Nguyễn Văn A"), "/data/department", "code"),
        (with_data(department="079201001234"), "/data/department", "personal-number"),
        (with_data(duplicate_mark="AAEC"), "/data/duplicate_mark", "mark"),
        (
            with_data(resolving_unit="666", department="dia-chinh"),
            "/data/department",
            "department",
        ),
        (
            with_data(receiving_unit="664", resolving_unit="664"),
            "/data/receiving_unit",
            "authority",
        ),
    ],
)
def test_an_event_that_breaks_a_rule_is_rejected_with_field_and_rule(
    event: dict[str, Any], field: str, rule: str
) -> None:
    assert broken_rule(event) == (field, rule)


def test_a_procedure_must_be_valid_on_the_local_day_of_the_event() -> None:
    last_evening = received(time="2018-12-31T16:59:59Z")
    first_morning = received(time="2018-12-31T17:00:00Z")
    assert broken_rule(last_evening) == ("/data/procedure", "procedure")
    assert judged(first_morning).kind is Kind.RECEIVED


@pytest.mark.parametrize(("ahead", "is_good"), [(5 * MINUTE, True), (5 * MINUTE + 1000, False)])
def test_a_clock_may_be_five_minutes_ahead(ahead: int, *, is_good: bool) -> None:
    event = received(time=format_local(Instant(NOW + ahead)))
    if is_good:
        assert judged(event).occurred_at == NOW + ahead
    else:
        assert broken_rule(event) == ("/time", "future")


def test_a_declared_department_and_an_undeclaring_unit_are_both_good() -> None:
    assert judged(with_data(resolving_unit="666", department="tu-phap"))
    assert judged(with_data(resolving_unit="24733", department="dia-chinh"))


def test_speaking_for_the_resolving_unit_is_enough() -> None:
    assert judged(with_data(receiving_unit="664", resolving_unit="666"))


@pytest.mark.parametrize("unit", ["", "24733", "664", "666"])
def test_a_dossier_counts_for_a_unit_that_has_a_part_in_it_or_one_of_ones_own(unit: str) -> None:
    assert judged(with_data(receiving_unit="664", resolving_unit="24733", reporting_unit=unit))


@pytest.mark.parametrize("unit", ["664", "67"])
def test_no_dossier_is_put_into_the_figures_of_a_unit_without_a_part_in_it(unit: str) -> None:
    assert broken_rule(with_data(reporting_unit=unit)) == ("/data/reporting_unit", "authority")


def test_a_filed_event_needs_authority_over_its_receiving_unit() -> None:
    data = {"procedure": "1.000894", "receiving_unit": "24733"}
    filed = received(type="motcua.dossier.v1.Filed", data=data)
    assert judged(filed).kind is Kind.FILED
    assert broken_rule(filed, "dak-mil") == ("/data/receiving_unit", "authority")


def test_a_publisher_without_units_may_say_nothing() -> None:
    nobody = Publisher("nobody", "nobody", ())
    withdrawn = received(type="motcua.dossier.v1.Withdrawn", data={})
    with pytest.raises(Rejected, match="authority"):
        Admission(REGISTRY, nobody).check(judged(withdrawn), NOW)
    assert judged(withdrawn).kind is Kind.WITHDRAWN
