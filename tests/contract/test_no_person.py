"""Law L7: no person in an event."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)
from google.protobuf.descriptor_pool import DescriptorPool
from person_fields import ALLOWED, fields_of, personal_fields

if TYPE_CHECKING:
    from google.protobuf.descriptor import FileDescriptor

PROTO = Path(__file__).parents[2] / "proto"


def schema_files() -> list[FileDescriptor]:
    names = sorted(path.relative_to(PROTO) for path in (PROTO / "motcua").rglob("*.proto"))
    modules = [str(name.with_suffix("")).replace("/", ".") + "_pb2" for name in names]
    return [importlib.import_module(module).DESCRIPTOR for module in modules]


def schema_with(field: str, *, nested: bool = False) -> FileDescriptor:
    described = FieldDescriptorProto(
        name=field,
        number=1,
        type=FieldDescriptorProto.TYPE_STRING,
        label=FieldDescriptorProto.LABEL_OPTIONAL,
    )
    message = DescriptorProto(name="Received", field=[described])
    if nested:
        message = DescriptorProto(name="Outer", nested_type=[message])
    file = FileDescriptorProto(
        name="bad.proto", package="motcua.bad.v1", syntax="proto3", message_type=[message]
    )
    pool = DescriptorPool()
    pool.Add(file)
    return pool.FindFileByName("bad.proto")


def test_no_schema_has_a_field_about_a_person() -> None:
    files = schema_files()
    assert len(files) >= 4
    assert personal_fields(files) == []


def test_every_exception_still_stands_for_a_field_and_says_why() -> None:
    assert set(ALLOWED) <= set(fields_of(schema_files()))
    assert all(ALLOWED.values())


@pytest.mark.parametrize(
    "field",
    [
        "name",
        "applicant_name",
        "ho_ten",
        "hoTen",
        "ten_nguoi_nop",
        "phone",
        "so_dien_thoai",
        "sdt",
        "address",
        "dia_chi",
        "dia_chi_thuong_tru",
        "email",
        "cccd",
        "so_cmnd",
        "identity_number",
        "citizen_id",
        "birth_date",
        "ngay_sinh",
        "note",
        "ghi_chu",
        "reason_text",
        "comment",
        "description",
        "bank_account",
    ],
)
@pytest.mark.parametrize("nested", [False, True])
def test_a_field_about_a_person_is_found(field: str, *, nested: bool) -> None:
    (found,) = personal_fields([schema_with(field, nested=nested)])
    assert found.endswith(f".{field}")


@pytest.mark.parametrize("field", ["procedure", "reason", "staff", "event_id", "duplicate_mark"])
def test_codes_and_opaque_ids_are_no_persons(field: str) -> None:
    assert personal_fields([schema_with(field)]) == []
