"""Đắk R'Lấp district, January to October 2020: its registry and a seeded generator of events.

`generate` tells 11,960 received dossiers and how each of them went on, as the deliveries that the
district's and the communes' systems make; `count` counts any such events without the services.
"""

from motcua_sample_dak_rlap.catalogue import REGISTRY
from motcua_sample_dak_rlap.counts import Counts, count, count_by_department
from motcua_sample_dak_rlap.deliveries import Delivery
from motcua_sample_dak_rlap.generator import THIRD_QUARTER_END, generate, third_quarter
from motcua_sample_dak_rlap.office_hours import END
from motcua_sample_dak_rlap.publishers import PUBLISHERS, SamplePublisher

__all__ = [
    "END",
    "PUBLISHERS",
    "REGISTRY",
    "THIRD_QUARTER_END",
    "Counts",
    "Delivery",
    "SamplePublisher",
    "count",
    "count_by_department",
    "generate",
    "third_quarter",
]
