"""Every problem that intake answers with, each made in one place."""

from __future__ import annotations

from typing import Final

from motcua_platform.problems import Problem

RETRY_SECONDS: Final = "2"


def unauthenticated() -> Problem:
    """No key, or one that no publisher has."""
    return Problem(
        401,
        "unknown-key",
        "Unknown API key",
        "Send Authorization: Bearer <key> or X-API-Key with a key of a registered publisher.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def unsupported_media_type(accepted: tuple[str, ...]) -> Problem:
    """A content type that carries no CloudEvents in JSON."""
    return Problem(
        415, "content-type", "Unsupported content type", field="Content-Type", expected=accepted
    )


def body_too_large(limit: int) -> Problem:
    """More bytes than a request may have."""
    return Problem(413, "body-too-large", "The body is too large", limit_bytes=limit)


def body_too_slow() -> Problem:
    """The body did not arrive in time."""
    return Problem(408, "body-too-slow", "The body did not arrive in time")


def malformed(detail: str) -> Problem:
    """No JSON."""
    return Problem(400, "malformed-json", "The body is not readable JSON", detail)


def event_count(count: int, limit: int) -> Problem:
    """An array with none, or with too many."""
    return Problem(
        422, "event-count", "Too many events, or none", rule="event-count", count=count, limit=limit
    )


def registry_incomplete() -> Problem:
    """Just started: publishers and procedures are still being read."""
    return _later("registry-incomplete", "The registry is still being read")


def log_away() -> Problem:
    """Nothing was promised; what was written nevertheless will be recognised as a repetition."""
    return _later("log-away", "The event log does not acknowledge; send the same request again")


def busy() -> Problem:
    """As many requests are waiting as may wait."""
    return _later("busy", "Too many requests at once")


def _later(kind: str, title: str) -> Problem:
    return Problem(503, kind, title, headers={"Retry-After": RETRY_SECONDS})
