"""Lâm Đồng province: its registry, and seeded generators of two nights that move every figure.

`swap_day` tells the dossiers of the 124 communes around Friday 2 January 2026, which was swapped
with a Saturday; `merger` those of Đắk R'Lấp over the night of 1 July 2025.
"""

from motcua_sample_lam_dong.catalogue import CALENDAR, DISTRICT, PROVINCE, REGISTRY, SWAP
from motcua_sample_lam_dong.deliveries import Delivery
from motcua_sample_lam_dong.merger import DISTRICT_PUBLISHER, EVE, MORNING, Merger, merger
from motcua_sample_lam_dong.swap_day import NOW, PROVINCE_PUBLISHER, swap_day

__all__ = [
    "CALENDAR",
    "DISTRICT",
    "DISTRICT_PUBLISHER",
    "EVE",
    "MORNING",
    "NOW",
    "PROVINCE",
    "PROVINCE_PUBLISHER",
    "REGISTRY",
    "SWAP",
    "Delivery",
    "Merger",
    "merger",
    "swap_day",
]
