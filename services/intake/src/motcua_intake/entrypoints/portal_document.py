"""The body of `/v1/portal` in the OpenAPI document: what is read of it, and an example."""

from __future__ import annotations

from typing import Any, Final

from motcua_intake.domain.portal.messages import MAX_ITEMS, SERVICES

_TEXT: Final = {"type": "string", "minLength": 1}
_OPTIONAL: Final = {"type": "string"}
_MOMENT: Final = {"type": "string", "minLength": 1, "description": "yyyyMMddHHmmss"}


def _form(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": required | optional}


_DOSSIER: Final = _form(
    {"MaHoSo": _TEXT, "MaTTHC": _TEXT, "TrangThaiHoSo": _TEXT, "NgayTiepNhan": _MOMENT},
    {
        "DonViXuLy": _OPTIONAL,
        "NgayKetThucXuLy": _OPTIONAL,
        "NgayTra": _OPTIONAL,
        "DanhSachHoSoBoSung": {
            "type": "array",
            "items": _form({"NgayBoSung": _MOMENT}, {"NgayTiepNhanBoSung": _OPTIONAL}),
        },
    },
)
_PROGRESS: Final = _form(
    {"MaHoSo": _TEXT, "TrangThai": _TEXT, "ThoiDiemXuLy": _MOMENT}, {"PhongBanXuLy": _OPTIONAL}
)


def _message(service: str, item: dict[str, Any]) -> dict[str, Any]:
    items = {"type": "array", "minItems": 1, "maxItems": MAX_ITEMS, "items": item}
    return {
        "type": "object",
        "required": ["service", "data"],
        "properties": {"service": {"const": service}, "data": {"anyOf": [item, items]}},
    }


_EXAMPLE: Final = {
    "service": "DongBoHoSoMC",
    "data": [
        {
            "MaHoSo": "000.00.31.H16-200106-0001",
            "MaTTHC": "1.000894",
            "TrangThaiHoSo": "4",
            "DonViXuLy": "Thị trấn Kiến Đức",
            "NgayTiepNhan": "20200106081500",
        }
    ],
}

PORTAL_BODY: Final[dict[str, Any]] = {
    "required": True,
    "description": "Whatever else a message carries, what tells of persons first, is never read.",
    "content": {
        "application/json": {
            "schema": {
                "anyOf": [
                    _message(service, item)
                    for service, item in zip(SERVICES, (_DOSSIER, _PROGRESS), strict=True)
                ]
            },
            "example": _EXAMPLE,
        }
    },
}
