"""The national portal's messages become events, and whom they are about stays outside."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from motcua_intake.domain.errors import IntakeError
from motcua_intake.domain.portal.messages import read_message
from motcua_intake.domain.portal.translation import Translator
from motcua_intake.domain.tables.places import Places
from motcua_intake.testing import small_registry
from motcua_kernel.admission_rules import Rejected
from motcua_kernel.instant import format_local

if TYPE_CHECKING:
    import httpx
    from motcua_intake.testing import FakeEventLog

CODE = "000.00.31.H16-200106-0001"
PERSON = {
    "ChuHoSo": "Nguyễn Văn Mẫu",
    "LoaiDoiTuong": "0",
    "MaDoiTuong": "079123456789",
    "Email": "mau@example.vn",
    "SoDienThoai": "0912345678",
    "TrichYeuHoSo": "Đăng ký kết hôn cho ông Mẫu",
    "ThongTinKhac": "số 1 đường Mẫu",
}


def dossier(**more: Any) -> dict[str, Any]:
    return {
        **PERSON,
        "MaHoSo": CODE,
        "MaTTHC": "1.000894",
        "TenTTHC": "Đăng ký kết hôn",
        "TrangThaiHoSo": "4",
        "DonViXuLy": "Thị trấn Kiến Đức",
        "NgayTiepNhan": "20200106081500",
        "NgayHenTra": "20200110170000",
        **more,
    }


def progress(status: str, at: str, **more: Any) -> dict[str, Any]:
    told = {"MaHoSo": CODE, "TrangThai": status, "ThoiDiemXuLy": at}
    return {"NguoiXuLy": "Trần Thị Mẫu", "ChucDanh": "Chuyên viên", **told, **more}


async def send(
    client: httpx.AsyncClient, *items: dict[str, Any], service: str = "DongBoHoSoMC"
) -> httpx.Response:
    body = {"session": "s", "madonvi": "H16.25", "service": service, "data": list(items)}
    return await client.post("/v1/portal", json=body)


def told(log: FakeEventLog) -> list[tuple[str, str]]:
    return [(one.kind.name, format_local(one.occurred_at)[:16]) for one in log.events]


RECEIVED = ("RECEIVED", "2020-01-06T08:15")
STATUSES: dict[str, tuple[dict[str, Any], list[tuple[str, str]]]] = {
    "1": ({}, [("FILED", "2020-01-06T08:15")]),
    "2": ({}, [RECEIVED]),
    "3": (
        {"NgayKetThucXuLy": "20200107090000"},
        [("FILED", "2020-01-06T08:15"), ("REFUSED", "2020-01-07T09:00")],
    ),
    "4": ({}, [RECEIVED]),
    "5": (
        {
            "DanhSachHoSoBoSung": [
                {"NgayBoSung": "20200107090000", "NgayTiepNhanBoSung": "20200108100000"},
                {"NgayBoSung": "20200109090000", "NguoiYeuCauBoSung": "Trần Thị Mẫu"},
            ]
        },
        [
            RECEIVED,
            ("SUPPLEMENT_REQUESTED", "2020-01-07T09:00"),
            ("SUPPLEMENT_SUPPLIED", "2020-01-08T10:00"),
            ("SUPPLEMENT_REQUESTED", "2020-01-09T09:00"),
        ],
    ),
    "6": ({}, [RECEIVED]),
    "7": ({"NgayKetThucXuLy": "20200107090000"}, [RECEIVED, ("WITHDRAWN", "2020-01-07T09:00")]),
    "8": ({}, [RECEIVED]),
    "9": ({"NgayKetThucXuLy": "20200107090000"}, [RECEIVED, ("RESOLVED", "2020-01-07T09:00")]),
    "10": (
        {"NgayKetThucXuLy": "20200107090000", "NgayTra": "20200108100000"},
        [RECEIVED, ("RESOLVED", "2020-01-07T09:00"), ("RETURNED", "2020-01-08T10:00")],
    ),
}


@pytest.mark.parametrize("status", STATUSES)
async def test_each_status_proves_what_it_proves_and_twice_changes_nothing(
    client: httpx.AsyncClient, log: FakeEventLog, status: str
) -> None:
    more, expected = STATUSES[status]
    message = dossier(TrangThaiHoSo=status, **more)
    answer = await send(client, message)
    assert answer.status_code == 202, answer.text
    assert told(log) == expected
    again = await send(client, message)
    assert again.json()["repeated"] == len(expected)
    assert told(log) == expected


PROGRESS: dict[str, tuple[dict[str, str], str]] = {
    "4": ({"PhongBanXuLy": "Phòng Tư pháp"}, "FORWARDED"),
    "5": ({}, "SUPPLEMENT_REQUESTED"),
    "6": ({}, "PAYMENT_REQUESTED"),
    "8": ({}, "STOPPED"),
    "9": ({}, "RESOLVED"),
}


@pytest.mark.parametrize("status", PROGRESS)
async def test_progress_is_told_at_its_moment(
    client: httpx.AsyncClient, log: FakeEventLog, status: str
) -> None:
    more, kind = PROGRESS[status]
    message = progress(status, "20200107093000", **more)
    answer = await send(client, message, service="CapNhatTienDoHoSoMC")
    assert answer.status_code == 202, answer.text
    assert told(log) == [(kind, "2020-01-07T09:30")]


async def test_progress_that_says_nothing_new_is_accepted_without_an_event(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    answer = await send(client, progress("1", "20200107093000"), service="CapNhatTienDoHoSoMC")
    assert (answer.status_code, answer.json()["results"], log.events) == (202, [], [])


FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"MaHoSo": "Nguyễn Văn Mẫu"}, "MaHoSo", "dossier-code"),
    ({"MaTTHC": "9.999999"}, "MaTTHC", "procedure"),
    ({"TrangThaiHoSo": "99"}, "TrangThaiHoSo", "status-word"),
    ({"DonViXuLy": "Huyện Đắk Mil"}, "DonViXuLy", "authority"),
    ({"DonViXuLy": "Nơi nào đó"}, "DonViXuLy", "unit-word"),
    ({"NgayTiepNhan": "20203106081500"}, "NgayTiepNhan", "date"),
    ({"NgayTiepNhan": "20300106081500"}, "NgayTiepNhan", "future"),
    ({"TrangThaiHoSo": "9"}, "NgayKetThucXuLy", "required"),
    ({"NgayTiepNhan": 5}, "NgayTiepNhan", "form"),
]


@pytest.mark.parametrize(("wrong", "field", "rule"), FAULTS)
async def test_a_fault_names_the_portal_s_own_field_and_spoils_no_neighbour(
    client: httpx.AsyncClient, log: FakeEventLog, wrong: dict[str, Any], field: str, rule: str
) -> None:
    good = dossier(MaHoSo="000.00.31.H16-200106-0002")
    answer = await send(client, dossier(**wrong), good)
    first, second = answer.json()["results"]
    assert (first["status"], first["field"], first["rule"]) == (
        "rejected",
        f"/data/0/{field}",
        rule,
    )
    assert second["status"] == "accepted"
    assert len(log.events) == 1
    assert "Mẫu" not in answer.text


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"data": []}', b'{"service": "LayThuTuc", "data": [{}]}', b"\xff"]
)
async def test_what_is_no_message_is_a_problem(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/v1/portal", content=body)
    assert answer.status_code == 400
    assert answer.json()["type"] == "urn:motcua:problem:malformed-body"


async def test_an_empty_message_is_a_problem(client: httpx.AsyncClient) -> None:
    assert (await send(client)).status_code == 422


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["service", "data", *dossier(), "DanhSachHoSoBoSung", "NgayBoSung"]),
            inner,
        )
    ),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["DongBoHoSoMC", "CapNhatTienDoHoSoMC"]), json_values)
def test_any_data_gives_events_or_a_fault_that_names_a_rule(service: str, data: Any) -> None:
    registry = small_registry()
    publisher = registry.publishers["dak-rlap"]
    translator = Translator(Places(registry, publisher), publisher.id, publisher.units)
    try:
        items = read_message(json.dumps({"service": service, "data": data}).encode())
    except IntakeError:
        return
    for item in items:
        if hasattr(item, "field"):
            continue
        try:
            translator.events(item)  # pyright: ignore[reportArgumentType]
        except Rejected as error:
            assert error.rule  # noqa: PT017 - the fault is one of two good ends


async def test_a_packed_message_is_read_like_any_other(
    client: httpx.AsyncClient, log: FakeEventLog
) -> None:
    body = json.dumps({"service": "DongBoHoSoMC", "data": dossier()}).encode()
    packed = await client.post(
        "/v1/portal", content=gzip.compress(body), headers={"Content-Encoding": "gzip"}
    )
    assert packed.status_code == 202
    assert len(log.events) == 1
    unknown = await client.post("/v1/portal", content=body, headers={"Content-Encoding": "br"})
    assert unknown.status_code == 415
