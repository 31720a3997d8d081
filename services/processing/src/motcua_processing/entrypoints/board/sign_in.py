"""A browser says who it is: a form puts the key into a cookie that only the board reads.

The cookie goes nowhere but to `/board` and is not sent along by other sites; the API does not look
at it, so that nothing can be changed or decided by a page that a browser was led to.
"""

from __future__ import annotations

from typing import Annotated, Final
from urllib.parse import parse_qs

import structlog
from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from motcua_platform.access.guard import Caller, Credentials, Guard
from motcua_platform.problems import Problem

from motcua_processing.entrypoints.board.pages import COOKIE, HOME, BoardRoute, page

HOLD_SECONDS: Final = 8 * 3600
"""As long as a working day."""
LONGEST_KEY: Final = 3_500
"""Browsers drop cookies beyond 4096 bytes."""
_MOST_BYTES: Final = 16 * 1024

_log = structlog.get_logger()


async def _reader(request: Request, credentials: Credentials) -> Caller:
    guard: Guard = request.app.state.guard
    told = credentials or request.cookies.get(COOKIE, "")
    return await guard.caller(request, told, public=False)


Reader = Annotated[Caller, Depends(_reader)]
"""Who reads a page: by the API's own headers, or by the cookie of the form."""


def sign_in_routes() -> APIRouter:
    """The form, and the way out."""
    router = APIRouter(prefix=HOME, route_class=BoardRoute, include_in_schema=False)

    @router.get("/sign-in", response_model=None)
    async def form(request: Request) -> Response:
        """The form."""
        return page(request, "sign_in.html.j2", next=HOME, refused=False)

    @router.post("/sign-in", response_model=None)
    async def sign_in(request: Request) -> Response:
        """A good key is kept, and the page that was wanted follows."""
        _must_be_of_our_own(request)
        told = await _form(request)
        key = told.get("key", "").strip()
        wanted = told.get("next", HOME)
        guard: Guard = request.app.state.guard
        try:
            principal = await guard.principal(request, key if len(key) <= LONGEST_KEY else "")
        except Problem as problem:
            if problem.status != 401:  # noqa: PLR2004 - unauthenticated
                raise
            return page(request, "sign_in.html.j2", 401, next=_safe(wanted), refused=True)
        _log.info("board_signed_in", principal=principal.id, by=principal.by)
        answer = RedirectResponse(_safe(wanted), 303)
        answer.set_cookie(
            COOKIE,
            key,
            max_age=HOLD_SECONDS,
            path=HOME,
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return answer

    @router.post("/sign-out", response_model=None)
    async def sign_out(request: Request) -> Response:
        """The key is forgotten."""
        _must_be_of_our_own(request)
        answer = RedirectResponse(f"{HOME}/sign-in", 303)
        answer.delete_cookie(COOKIE, path=HOME)
        return answer

    return router


def _must_be_of_our_own(request: Request) -> None:
    """A form that another site sends is refused; browsers say where it comes from."""
    if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        raise Problem(
            403,
            "foreign-form",
            "This form was sent by another site",
            vi=("Biểu mẫu do trang khác gửi", ""),
        )


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise Problem(413, "too-large", "Too large", vi=("Nội dung quá lớn", ""))
    try:
        fields = parse_qs(body.decode("ascii"), max_num_fields=8)
    except ValueError as error:
        raise Problem(422, "invalid-form", "No form", vi=("Không phải biểu mẫu", "")) from error
    return {name: values[0] for name, values in fields.items()}


def _safe(wanted: str) -> str:
    """A page of the board, and of no other site.

    >>> _safe("/board?unit=68"), _safe("https://elsewhere/board"), _safe("/boardwalk")
    ('/board?unit=68', '/board', '/board')
    """
    inside = wanted == HOME or wanted.startswith((f"{HOME}/", f"{HOME}?"))
    return wanted if inside and "\\" not in wanted and wanted.isprintable() else HOME
