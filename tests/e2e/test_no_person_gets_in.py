"""Law L7, seen from outside: what tells of persons is in no topic, table, log, metric or answer."""

from __future__ import annotations

import asyncio
import csv
import io
from random import Random
from typing import TYPE_CHECKING, Any

import asyncpg
import httpx
import pytest
from kafka_of_tests import read_all
from motcua_contracts.topics import topics
from waiting import until

if TYPE_CHECKING:
    from stack_under_fault import Stack

pytestmark = [pytest.mark.real, pytest.mark.faults]

PUBLISHER = "dak-rlap-666"
SEED = 20_200_106
ENOUGH = 100
NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh"), ("Văn", "Thị", "Đình"), ("Ứng", "Ẩn", "Mẫu")
HEADERS = ("Mã hồ sơ", "Mã TTHC", "Người nộp", "Số CCCD", "Điện thoại", "Ngày tiếp nhận")


class Person:
    """An invented person, whose every string must stay outside."""

    def __init__(self, random: Random) -> None:
        self.name = " ".join(random.choice(part) for part in NAMES) + f" {random.randrange(10**6)}"
        self.number = f"079{random.randrange(10**9):09d}"
        self.phone = f"09{random.randrange(10**8):08d}"
        self.email = f"nguoi.{random.randrange(10**6)}@example.vn"
        self.address = f"số {random.randrange(10**6)} đường Hùng Vương"

    @property
    def told(self) -> tuple[str, ...]:
        return (self.name, self.number, self.phone, self.email, self.address)


def portal_item(person: Person, number: int) -> dict[str, Any]:
    """A dossier in the portal's shape; now and then a person stands where a code belongs."""
    item = {
        "MaHoSo": f"000.00.71.H16-201020-{number:04d}",
        "MaTTHC": "1.000894",
        "TrangThaiHoSo": "4",
        "DonViXuLy": "666",
        "NgayTiepNhan": "20201020081500",
        "ChuHoSo": person.name,
        "MaDoiTuong": person.number,
        "SoDienThoai": person.phone,
        "Email": person.email,
        "TrichYeuHoSo": f"{person.name}, {person.address}",
        "DanhSachHoSoBoSung": [{"NguoiYeuCauBoSung": person.name, "NgayBoSung": person.phone}]
        if number % 7 == 0
        else [],
    }
    for place, field in enumerate(("MaHoSo", "MaTTHC", "DonViXuLy", "TrangThaiHoSo")):
        if number % 5 == place:
            item[field] = person.told[number % 5]
    return item


def event(person: Person, number: int) -> dict[str, Any]:
    data = {"procedure": "1.000894", "channel": "counter", "receiving_unit": "666"}
    odd = (
        {"data": data | {"applicant": person.name}},
        {"data": data | {"resolving_unit": person.number}},
        {"data": data | {"resolving_unit": "666", "department": person.phone}},
        {"subject": person.name},
        {"id": f"{person.email} {person.name}"},
        {"source": person.address},
    )
    return {
        "specversion": "1.0",
        "id": f"p-{number}",
        "source": "/dak-rlap-666",
        "type": "motcua.dossier.v1.Received",
        "subject": f"000.00.72.H16-201020-{number:04d}",
        "time": "2020-10-20T08:15:00+07:00",
        "sequence": str(number),
        "data": data | {"resolving_unit": "666"},
        **odd[number % len(odd)],
    }


def table(persons: list[Person]) -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADERS)
    for number, person in enumerate(persons):
        code = f"000.00.73.H16-201020-{number:04d}" if number % 4 else person.name
        day = "20/10/2020" if number % 3 else person.number
        rows.writerow((code, "1.000894", person.name, person.number, person.phone, day))
    return text.getvalue().encode()


async def send(stack: Stack, persons: list[Person]) -> list[bytes]:
    """Everything through every door; the bodies of the answers."""
    headers = {"Authorization": f"Bearer {stack.keys[PUBLISHER]}"}
    answers: list[bytes] = []
    async with httpx.AsyncClient(
        base_url=stack.addresses.intake, headers=headers, timeout=30, trust_env=False
    ) as http:
        for first in range(0, len(persons), 50):
            some = list(enumerate(persons))[first : first + 50]
            items = [portal_item(person, number) for number, person in some]
            message = {"service": "DongBoHoSoMC", "data": items}
            answers.append((await http.post("/v1/portal", json=message)).content)
            events = [event(person, number) for number, person in some]
            answers.append((await http.post("/v1/events", json=events)).content)
            answers += [(await http.post("/v1/events", json=one)).content for one in events[:6]]
        answers.append((await http.post("/v1/imports", content=table(persons))).content)
        answers.append((await http.post("/v1/events", content=persons[0].name.encode())).content)
    return answers


async def everything_kept(stack: Stack) -> dict[str, bytes]:
    """What stands in topics, tables, logs and metrics, by where it stands."""
    kept: dict[str, bytes] = {}
    for name in topics():
        records = await read_all(stack.servers.kafka.bootstrap, name)
        kept[name] = b"\n".join(
            (one.key or b"") + (one.value or b"") + b"".join(value for _, value in one.headers)
            for one in records
        )
    connection = await asyncpg.connect(stack.servers.database_url)
    try:
        tables = await connection.fetch(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'motcua'"
        )
        for (name,) in tables:
            rows = await connection.fetch(f'SELECT * FROM motcua."{name}"')
            kept[f"table {name}"] = b"\n".join(_bytes(cell) for row in rows for cell in row)
    finally:
        await connection.close()
    for path in stack.logs.rglob("*"):
        if path.is_file():
            kept[f"log {path.name}"] = path.read_bytes()
    return kept


def _bytes(cell: Any) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()


def written(text: str) -> set[bytes]:
    """The ways in which a string may have been written down."""
    escaped = text.encode("unicode_escape")
    return {text.encode(), escaped, text.encode().hex().encode(), text.encode("utf-16-le")}


async def applied(stack: Stack) -> int:
    """Events of the corpus that are in the journal."""
    connection = await asyncpg.connect(stack.servers.database_url)
    try:
        return await connection.fetchval(
            "SELECT count(*) FROM motcua.journal WHERE dossier LIKE '000.00.7%'"
        )
    finally:
        await connection.close()


def test_no_person_of_any_message_is_kept_or_told(own_stack: Stack) -> None:
    random = Random(SEED)
    persons = [Person(random) for _ in range(200)]
    answers = asyncio.run(send(own_stack, persons))
    until("the good ones are applied", lambda: asyncio.run(applied(own_stack)) > ENOUGH, 60)
    kept = asyncio.run(everything_kept(own_stack))
    for url in (own_stack.addresses.intake, own_stack.addresses.processing):
        kept[f"{url}/metrics"] = httpx.get(f"{url}/metrics", trust_env=False).content
    kept |= {f"answer {number}": body for number, body in enumerate(answers)}
    control = b"000.00.71.H16-201020-0009"
    seen = [where for where, content in kept.items() if control in content]
    assert {"motcua.dossier.events.v1", "table journal", "table dossiers"} <= set(seen)
    found = [
        (where, text)
        for person in persons
        for text in person.told
        for form in written(text)
        for where, content in kept.items()
        if form in content
    ]
    assert found == []
