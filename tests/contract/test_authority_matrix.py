"""Who may do what: keys, units, roles and time, every cell a case (L4, section 2 of the design)."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from motcua_kernel.instant import DAY, Instant, at_local
from motcua_kernel.parties import Account, ApiKey, Grant, Publisher, Role
from motcua_kernel.registry import Registry
from motcua_kernel.units import Unit, UnitLevel
from motcua_platform.access.principals import NOBODY, Principal, Principals
from motcua_platform.access.rights import administers, may

if TYPE_CHECKING:
    from motcua_kernel.registry import Entry

NOW = at_local(date(2026, 3, 2), 9 * 60)
MERGER = date(2025, 7, 1)

UNITS = (
    Unit("67", "67", "Tỉnh Đắk Nông", UnitLevel.PROVINCE, valid_until="2025-06-30"),
    Unit(
        "666", "666", "Huyện Đắk R'Lấp", UnitLevel.DISTRICT, parent="67", valid_until="2025-06-30"
    ),
    Unit("664", "664", "Huyện Đắk Mil", UnitLevel.DISTRICT, parent="67", valid_until="2025-06-30"),
    Unit("24733", "24733", "Kiến Đức", UnitLevel.COMMUNE, parent="666", valid_until="2025-06-30"),
    Unit(
        "24736", "24736", "Quảng Thành", UnitLevel.COMMUNE, parent="666", valid_until="2025-06-30"
    ),
    Unit("68", "68", "Tỉnh Lâm Đồng", UnitLevel.PROVINCE),
    Unit(
        "24733-2025",
        "24733",
        "Kiến Đức",
        UnitLevel.COMMUNE,
        parent="68",
        valid_from="2025-07-01",
        predecessors=("24733", "24736"),
    ),
)


def digest(key: str) -> str:
    return sha256(key.encode()).hexdigest()


def key(name: str, first: int | None, last: int | None, *, revoked: bool = False) -> ApiKey:
    """A key whose term is given in days from now."""
    day = [None if one is None else Instant(NOW + one * DAY) for one in (first, last)]
    return ApiKey(name, digest(name), day[0], day[1], revoked)


KEYS = (
    key("valid", -1, 1),
    key("endless", None, None),
    key("not-yet", 1, 9),
    key("ended", -9, -1),
    key("old-of-rotation", -9, 1),
    key("new-of-rotation", -1, None),
    key("revoked", -1, 1, revoked=True),
)


def grant(role: Role, *units: str, first: date | None = None, last: date | None = None) -> Grant:
    return Grant(role, units, first, last)


ENTRIES: tuple[Entry, ...] = (
    *UNITS,
    Publisher("district", "", ("666",), (digest("plain"),), keys=KEYS, subjects=("s-district",)),
    Publisher("gone", "", ("666",), (digest("of-a-revoked-publisher"),), revoked=True),
    Account("reader", (grant(Role.READER, "24733"),), (key("reader", None, None),)),
    Account("gone-too", (grant(Role.READER, "67"),), (key("gone-too", None, None),), revoked=True),
)
REGISTRY = Registry().with_entries(enumerate(ENTRIES))


@pytest.mark.parametrize(
    ("told", "owner"),
    [
        ("plain", "district"),
        ("valid", "district"),
        ("endless", "district"),
        ("old-of-rotation", "district"),
        ("new-of-rotation", "district"),
        ("reader", "reader"),
        ("not-yet", None),
        ("ended", None),
        ("revoked", None),
        ("of-a-revoked-publisher", None),
        ("gone-too", None),
        ("nobody's", None),
        ("", None),
        (digest("valid"), None),
    ],
)
def test_a_key_opens_in_its_term_and_only_for_its_owner(told: str, owner: str | None) -> None:
    found = Principals(lambda: REGISTRY).of_key(told, NOW)
    assert (found.id if found else None) == owner


def test_a_term_begins_with_its_first_moment_and_ends_before_its_last() -> None:
    one = ApiKey("k", "", Instant(10), Instant(20))
    assert [one.is_valid_at(Instant(at)) for at in (9, 10, 19, 20)] == [False, True, True, False]


def test_a_revocation_counts_from_the_next_question_on() -> None:
    known = REGISTRY
    principals = Principals(lambda: known)
    assert principals.of_key("valid", NOW) is not None
    without = Publisher("district", "", ("666",), keys=(key("valid", -1, 1, revoked=True),))
    known = REGISTRY.with_entries([(99, without)])
    assert principals.of_key("valid", NOW) is None


OFFICER, READER, ADMIN = Role.OFFICER, Role.READER, Role.ADMINISTRATOR
BEFORE, AFTER = date(2025, 6, 1), date(2025, 8, 1)

MATRIX = [
    # grant                                             asks     for           on      may
    (grant(READER, "24733"), READER, "24733", BEFORE, True),  # its own
    (grant(READER, "24733"), READER, "24736", BEFORE, False),  # a sibling
    (grant(READER, "24733"), READER, "666", BEFORE, False),  # above
    (grant(READER, "666"), READER, "24733", BEFORE, True),  # below
    (grant(READER, "666"), READER, "664", BEFORE, False),  # the next district
    (grant(READER, "67"), READER, "24733", BEFORE, True),  # two below
    (grant(READER, "68"), READER, "24733-2025", AFTER, True),
    (grant(READER, "68"), READER, "24733", AFTER, True),  # what a successor below took over
    (grant(READER, "24733-2025"), READER, "24736", AFTER, True),  # its predecessor's
    (grant(READER, "24733"), READER, "24733-2025", AFTER, False),  # not the other way round
    (grant(READER, "664"), READER, "24733-2025", AFTER, False),
    (grant(READER), READER, "24733", AFTER, False),  # no unit, nothing
    (grant(READER, "24733"), READER, "99999", AFTER, False),  # a unit that there is not
    (grant(READER, "24733"), OFFICER, "24733", AFTER, False),
    (grant(OFFICER, "24733"), OFFICER, "24733", AFTER, True),
    (grant(OFFICER, "24733"), READER, "24733", AFTER, True),
    (grant(ADMIN, "67", "68"), READER, "24733", AFTER, False),  # who runs it reads no dossier
    (grant(ADMIN, "67", "68"), OFFICER, "24733", AFTER, False),  # and decides on none
    (grant(OFFICER, "67"), ADMIN, "67", AFTER, False),
    (grant(READER, "24733", last=BEFORE), READER, "24733", BEFORE, True),  # the last day too
    (grant(READER, "24733", last=BEFORE), READER, "24733", AFTER, False),
    (grant(READER, "24733", first=AFTER), READER, "24733", BEFORE, False),
    (grant(READER, "24733", first=AFTER), READER, "24733", AFTER, True),
]


@pytest.mark.parametrize(("held", "role", "unit", "day", "expected"), MATRIX)
def test_a_grant_reaches_as_far_as_the_table_says(
    held: Grant, role: Role, unit: str, day: date, *, expected: bool
) -> None:
    account = Principal(account=Account("a", (held,)))
    assert may(account, role, [unit], REGISTRY, day) is expected
    assert not may(NOBODY, role, [unit], REGISTRY, day)


@pytest.mark.parametrize(
    ("publisher", "unit", "expected"),
    [
        ("district", "666", True),
        ("district", "24733", True),
        ("district", "664", False),
        ("district", "67", False),
        ("district", "24733-2025", False),
        ("gone", "24733", False),
    ],
)
def test_a_publisher_reads_what_it_speaks_for_and_decides_nothing(
    publisher: str, unit: str, *, expected: bool
) -> None:
    who = Principal(publisher=REGISTRY.publishers[publisher])
    assert may(who, READER, [unit], REGISTRY, AFTER) is expected
    assert not may(who, OFFICER, [unit], REGISTRY, AFTER)
    assert not administers(who, AFTER)


def test_one_unit_of_several_is_enough_and_terms_hold_for_administrators_too() -> None:
    reader = Principal(account=Account("a", (grant(READER, "24733"),)))
    assert may(reader, READER, ["664", "24733"], REGISTRY, BEFORE)
    admin = Principal(account=Account("a", (grant(ADMIN, first=MERGER),)))
    assert administers(admin, AFTER)
    assert not administers(admin, BEFORE)
