"""Law L7 as a check: no field of a schema is named like something about a person.

A field offends when one of its words, or two of them in a row, is in `FORBIDDEN`, unless it is in
`ALLOWED`, where each exception says why it is none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from google.protobuf.descriptor import Descriptor, FileDescriptor

_WORDS = """
    name names fullname surname person citizen applicant owner father mother spouse
    ten ho_ten hoten nguoi cong_dan chu_ho cha me vo chong
    phone telephone mobile tel sdt dien_thoai dienthoai fax zalo facebook
    address street house dia_chi diachi so_nha noi_o thuong_tru tam_tru que_quan
    email mail
    cccd cmnd cmt id_card identity passport ho_chieu national_id citizen_id so_dinh_danh
    tax_code mst
    birth birthday birthdate dob ngay_sinh nam_sinh sinh age gender sex gioi_tinh
    ethnicity dan_toc religion ton_giao nationality quoc_tich
    bank account iban photo image avatar fingerprint signature latitude longitude
    note notes ghi_chu comment comments remark remarks description content noi_dung text message
    title subject detail details memo free_text
"""
FORBIDDEN = frozenset(_WORDS.split())

_REGISTRY = "public registers name public bodies and rules, not people"
ALLOWED: dict[str, str] = {
    "motcua.registry.v1.Department.name": _REGISTRY,
    "motcua.registry.v1.Unit.name": _REGISTRY,
    "motcua.registry.v1.Procedure.name": _REGISTRY,
    "motcua.registry.v1.PauseReason.name": _REGISTRY,
    "motcua.notice.v1.Notice.subject": "which clock the notice is about, the dossier's or a step's",
    "motcua.registry.v1.Publisher.name": "the name of a publishing software system",
    "motcua.registry.v1.RegistryEntry.account": "a way in to read and decide, with an opaque id",
    "motcua.registry.v1.ImportMapping.name": "the name of a mapping of columns",
    "motcua.quarantine.v1.Header.name": "the name of a Kafka header",
}

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def is_personal(field: str) -> bool:
    """Whether a field name has a forbidden word, or a forbidden pair of words."""
    words = [word.lower() for word in _WORD.findall(field)]
    pairs = [f"{first}_{second}" for first, second in pairwise(words)]
    return any(one in FORBIDDEN for one in (*words, *pairs))


def fields_of(files: Iterable[FileDescriptor]) -> Iterator[str]:
    """The full names of all fields of some schema files, nested messages too."""
    for file in files:
        for message in file.message_types_by_name.values():
            yield from _fields(message)


def _fields(message: Descriptor) -> Iterator[str]:
    for field in message.fields:
        yield field.full_name
    for nested in message.nested_types:
        yield from _fields(nested)


def personal_fields(files: Iterable[FileDescriptor]) -> list[str]:
    """The fields that break law L7."""
    return [
        field
        for field in fields_of(files)
        if is_personal(field.rpartition(".")[2]) and field not in ALLOWED
    ]
