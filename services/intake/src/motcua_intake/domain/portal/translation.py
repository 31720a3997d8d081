"""From the portal's items to events, by the ten national statuses.

Ids are made from the dossier's code, so that the same message twice changes nothing; what may
happen several times to a dossier carries its moment as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple

from motcua_kernel.admission_rules import Rejected
from motcua_kernel.codes import check_dossier_code
from motcua_kernel.errors import Invalid
from motcua_kernel.events import (
    KIND_OF_CHANGE,
    Change,
    Channel,
    Event,
    Filed,
    Forwarded,
    Kind,
    PaymentRequested,
    Received,
    Refused,
    Resolved,
    Returned,
    Stopped,
    SupplementRequested,
    SupplementSupplied,
    Withdrawn,
)
from motcua_kernel.instant import local_date
from motcua_kernel.life_cycle import Status

from motcua_intake.domain.portal.messages import Dossier, Item, Progress
from motcua_intake.domain.tables.catalogue import STATUS_WORDS
from motcua_intake.domain.tables.cells import folded, moment_of, text_of

if TYPE_CHECKING:
    from motcua_kernel.instant import Instant

    from motcua_intake.domain.tables.places import Places

_MINUTE: Final = 8 * 60
"""Of a date without a time; the portal sends times."""

_ENDINGS: Final[dict[Status, tuple[tuple[str, Callable[[], Change]], ...]]] = {
    Status.REFUSED: (("NgayKetThucXuLy", Refused),),
    Status.WITHDRAWN: (("NgayKetThucXuLy", Withdrawn),),
    Status.RESOLVED: (("NgayKetThucXuLy", Resolved),),
    Status.RETURNED: (("NgayKetThucXuLy", Resolved), ("NgayTra", Returned)),
}
"""What a status of `DongBoHoSoMC` proves besides the receipt, and the date that says when.

Of 5 the supplements tell; 6 and 8 have no date there, their moment comes with the progress.
"""

_PROGRESS: Final[dict[Status, Callable[[], Change]]] = {
    Status.REFUSED: Refused,
    Status.SUPPLEMENT_REQUESTED: SupplementRequested,
    Status.PAYMENT_DUE: PaymentRequested,
    Status.WITHDRAWN: Withdrawn,
    Status.STOPPED: Stopped,
    Status.RESOLVED: Resolved,
    Status.RETURNED: Returned,
}
"""What a status of `CapNhatTienDoHoSoMC` says; 2 and 4 hand the dossier to a department."""

_REPEATING: Final = frozenset(
    {
        Kind.FORWARDED,
        Kind.SUPPLEMENT_REQUESTED,
        Kind.SUPPLEMENT_SUPPLIED,
        Kind.PAYMENT_REQUESTED,
        Kind.STOPPED,
    }
)


class Told(NamedTuple):
    """An event and the portal's field that its moment stands in."""

    moment_field: str
    event: Event


PORTAL_FIELDS: Final = {
    "/subject": "/MaHoSo",
    "/id": "/MaHoSo",
    "/data/procedure": "/MaTTHC",
    "/data/receiving_unit": "/DonViXuLy",
    "/data/resolving_unit": "/DonViXuLy",
    "/data/department": "/PhongBanXuLy",
}
"""The portal's name of each field in which an event may break a rule."""


class Translator:
    """Translates the items of one publisher."""

    def __init__(self, places: Places, publisher: str, own_units: tuple[str, ...]) -> None:
        self._places = places
        self._publisher = publisher
        self._own_units = own_units

    def events(self, item: Item) -> list[Told]:
        """What an item proves, in the order of time.

        Raises:
            Rejected: a field is not what it must be; it is named as the portal names it.
        """
        code = code_of(item)
        if isinstance(item, Dossier):
            return [
                self._told(code, field, at, change) for field, at, change in self._dossier(item)
            ]
        return [self._told(code, "/ThoiDiemXuLy", *one) for one in self._progress(item)]

    def _dossier(self, item: Dossier) -> list[tuple[str, Instant, Change]]:
        status = _status("/TrangThaiHoSo", item.TrangThaiHoSo)
        begun = _moment("/NgayTiepNhan", item.NgayTiepNhan)
        day = local_date(begun)
        procedure = self._places.procedure(text_of(item.MaTTHC))
        unit = self._places.unit("/DonViXuLy", text_of(item.DonViXuLy), day)
        if status in {Status.FILED, Status.REFUSED}:
            first: Change = Filed(procedure, unit)
        else:
            first = Received(procedure, Channel.UNSPECIFIED, unit, unit)
        found: list[tuple[str, Instant, Change]] = [("/NgayTiepNhan", begun, first)]
        if status is Status.FILED:
            return found
        for place, one in enumerate(item.DanhSachHoSoBoSung):
            at = f"/DanhSachHoSoBoSung/{place}"
            asked = _moment(f"{at}/NgayBoSung", one.NgayBoSung)
            found.append((f"{at}/NgayBoSung", asked, SupplementRequested()))
            if one.NgayTiepNhanBoSung:
                field = f"{at}/NgayTiepNhanBoSung"
                found.append((field, _moment(field, one.NgayTiepNhanBoSung), SupplementSupplied()))
        for name, change in _ENDINGS.get(status, ()):
            found.append((f"/{name}", _moment(f"/{name}", getattr(item, name)), change()))
        return found

    def _progress(self, item: Progress) -> list[tuple[Instant, Change]]:
        status = _status("/TrangThai", item.TrangThai)
        at = _moment("/ThoiDiemXuLy", item.ThoiDiemXuLy)
        change = _PROGRESS.get(status)
        if change is not None:
            return [(at, change())]
        if status in {Status.RECEIVED, Status.IN_PROCESS}:
            return [(at, Forwarded(self._department(text_of(item.PhongBanXuLy))))]
        return []

    def _department(self, word: str) -> str:
        """The id of the one department of the publisher's units that a word means."""
        if not word:
            raise Rejected("/PhongBanXuLy", "required")
        found = self._places.departments(self._own_units, word)
        if len(found) != 1:
            raise Rejected("/PhongBanXuLy", "department")
        return found[0]

    def _told(self, code: str, field: str, at: Instant, change: Change) -> Told:
        kind = KIND_OF_CHANGE[type(change)]
        name = f"portal:{kind.name.lower().replace('_', '-')}:{code}"
        if kind in _REPEATING:
            name = f"{name}:{at}"
        source = f"/{self._publisher}/portal"
        return Told(field, Event(self._publisher, name, code, kind, at, source, 0, change))


def code_of(item: Item) -> str:
    """The dossier code of an item.

    Raises:
        Rejected: it has none that can be one.
    """
    code = text_of(item.MaHoSo)
    if not code:
        raise Rejected("/MaHoSo", "required")
    try:
        check_dossier_code(code)
    except Invalid as error:
        raise Rejected("/MaHoSo", "dossier-code") from error
    return code


def _status(field: str, text: str) -> Status:
    status = STATUS_WORDS.get(folded(text_of(text)))
    if status is None:
        raise Rejected(field, "status-word")
    return status


def _moment(field: str, text: str) -> Instant:
    moment = moment_of(field, text_of(text), _MINUTE)
    if moment is None:
        raise Rejected(field, "required")
    return moment
