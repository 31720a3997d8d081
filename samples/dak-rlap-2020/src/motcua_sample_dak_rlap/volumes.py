"""How many dossiers come when, where and for what: weights, all of them plausible inventions."""

from __future__ import annotations

from datetime import date

from motcua_sample_dak_rlap.office_hours import LAST, WORKING_DAYS

RECEIVED = 11_960
OVERDUE = 25
OPEN = 455
ENDED = 635
RESOLVED = RECEIVED - OPEN - ENDED
"""10,870."""

EARLY = 6_830
ON_TIME = RESOLVED - OVERDUE - EARLY

OPEN_FATES = {
    "open_running": 340,
    "open_received": 37,
    "open_overdue": 6,
    "open_no_deadline": 4,
    "open_supplement": 41,
    "open_payment": 18,
    "open_stopped": 9,
}
ENDED_FATES = {"withdrawn": 320, "stopped": 140, "refused": 175}
BESIDE_FATES = {"refused_at_counter": 190, "withdrawn_unreceived": 24, "awaiting": 11}
"""Filed online and never received: not part of the balance."""

CHANNELS = {"counter": 0.86, "online": 0.11, "post": 0.03}
COMMUNE_RECEIVES = 0.03
"""The share of the district's dossiers that a commune's counter receives for it."""

UNITS = {
    "666": 46.0,
    "24733": 9.5,
    "24745": 4.2,
    "24750": 4.4,
    "24751": 7.6,
    "24754": 4.3,
    "24756": 4.4,
    "24757": 4.5,
    "24760": 4.1,
    "24761": 2.9,
    "24763": 4.9,
    "24766": 3.2,
}

PROCEDURES = {
    "2.000908": 6.0,
    "2.000843": 5.0,
    "2.000992": 4.0,
    "2.000528": 1.0,
    "2.000806": 1.0,
    "2.000748": 4.0,
    "1.001612": 8.0,
    "2.000720": 4.0,
    "1.001570": 3.0,
    "1.005280": 0.6,
    "1.003003": 6.0,
    "1.002273": 18.0,
    "1.001991": 6.0,
    "2.000381": 2.0,
    "1.004138": 2.0,
    "1.001776": 7.0,
    "1.001758": 2.0,
    "2.000744": 3.0,
    "1.004964": 3.0,
    "1.000831": 1.0,
    "1.003622": 0.8,
    "1.004494": 0.7,
    "1.005099": 3.0,
    "1.002425": 2.5,
    "2.002364": 1.0,
    "2.001879": 1.0,
    "1.009994": 6.0,
    "2.000633": 1.5,
    "1.003605": 1.0,
    "1.003596": 2.0,
    "1.004875": 1.2,
    "2.000267": 1.5,
    "1.003841": 0.8,
    "2.001885": 2.0,
    "2.000815": 26.0,
    "2.000884": 8.0,
    "2.000635": 8.0,
    "1.001193": 12.0,
    "1.000894": 7.0,
    "1.004873": 10.0,
    "1.000656": 4.0,
    "1.005461": 1.5,
    "1.003554": 1.5,
    "1.004441": 7.0,
    "1.004082": 5.0,
    "1.001699": 3.0,
    "1.001653": 2.0,
    "2.000346": 2.0,
    "2.001661": 1.0,
}

_WEEKDAYS = (1.2, 1.05, 1.0, 0.95, 0.9)
_SPELLS = (
    (date(2020, 1, 2), date(2020, 1, 15), 0.9),
    (date(2020, 1, 16), date(2020, 1, 22), 0.45),  # the week before Tết
    (date(2020, 1, 30), date(2020, 2, 7), 0.55),  # the first days after Tết
    (date(2020, 3, 16), date(2020, 3, 31), 0.7),
    (date(2020, 4, 1), date(2020, 4, 22), 0.1),  # Directive 16/CT-TTg, social distancing
    (date(2020, 4, 23), date(2020, 5, 8), 0.85),
    (date(2020, 6, 1), date(2020, 7, 31), 1.15),
)


def day_weights() -> list[float]:
    """The weight of each working day from 01/01 to 30/10/2020."""
    return [_weight(day) for day in WORKING_DAYS[: LAST + 1]]


def _weight(day: date) -> float:
    spell = next((factor for first, last, factor in _SPELLS if first <= day <= last), 1.0)
    return _WEEKDAYS[day.weekday()] * spell
