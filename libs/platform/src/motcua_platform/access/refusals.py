"""What the guard answers to those that it does not let pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from motcua_platform.problems import Problem

if TYPE_CHECKING:
    from motcua_kernel.parties import Role


def unauthenticated() -> Problem:
    """No key or token, or one that is not good."""
    return Problem(
        401,
        "unauthenticated",
        "Unknown key or token",
        "Send Authorization: Bearer with a valid API key or token, or X-API-Key.",
        headers={"WWW-Authenticate": "Bearer"},
        vi=(
            "Khóa hoặc mã thông báo không được nhận biết",
            "Gửi Authorization: Bearer với khóa API hoặc mã thông báo còn hiệu lực, hay X-API-Key.",
        ),
    )


def forbidden(role: Role, units: list[str]) -> Problem:
    """Known, but not entitled."""
    return Problem(
        403,
        "forbidden",
        "Not within your rights",
        vi=("Ngoài phạm vi quyền hạn", ""),
        role=role.name.lower(),
        units=units,
    )


def registry_incomplete() -> Problem:
    """Just started: keys and units are still being read."""
    return Problem(
        503,
        "registry-incomplete",
        "The registry is still being read",
        headers={"Retry-After": "2"},
        vi=("Danh mục đang được đọc", ""),
    )


def too_many_failures(wait_seconds: int) -> Problem:
    """Too many wrong keys from one address."""
    return Problem(
        429,
        "too-many-failures",
        "Too many wrong keys",
        headers={"Retry-After": str(wait_seconds)},
        vi=("Quá nhiều lần dùng khóa sai", ""),
    )
