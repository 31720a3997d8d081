"""RFC 9457 problem documents: a stable type, the field at fault, the rule, and nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send

from motcua_platform.languages import Language, language_of

TYPE_PREFIX: Final = "urn:motcua:problem:"
MEDIA_TYPE: Final = "application/problem+json"


class Problem(Exception):  # noqa: N818
    """An answer that says what is wrong; raise it anywhere below an endpoint.

    `title` and `detail` are English; `vi` has the two in Vietnamese.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        vi: tuple[str, str] = ("", ""),
        **members: Any,
    ) -> None:
        super().__init__(title)
        self.status = status
        self.kind = kind
        self.title = title
        self.detail = detail
        self.headers = dict(headers or {})
        self.vi = vi
        self.members = members

    def document(self, language: Language = "en") -> dict[str, Any]:
        """The JSON members of the problem; what has no Vietnamese is told in English."""
        title, detail = self.title, self.detail
        if language == "vi":
            title, detail = self.vi[0] or title, self.vi[1] or detail
        document: dict[str, Any] = {
            "type": TYPE_PREFIX + self.kind,
            "title": title,
            "status": self.status,
        }
        if detail:
            document["detail"] = detail
        return document | self.members


def invalid_request(field: str, detail: str) -> Problem:
    """A parameter of the request, or a member of its body, is not of its form."""
    return Problem(
        422,
        "invalid-request",
        "A value breaks a rule",
        detail,
        vi=("Một giá trị không đúng quy tắc", ""),
        field=field,
    )


def problem_response(problem: Problem, language: Language = "en") -> JSONResponse:
    """The HTTP answer of a problem."""
    headers = {"Content-Language": language} | problem.headers
    return JSONResponse(
        problem.document(language), problem.status, media_type=MEDIA_TYPE, headers=headers
    )


def install_problems(app: FastAPI) -> None:
    """Make every error of the app a problem document, and of a NUL in what is asked too."""
    app.add_middleware(_WithoutNul)

    @app.exception_handler(Problem)
    async def _problem(request: Request, problem: Problem) -> JSONResponse:
        return problem_response(problem, language_of(request))

    @app.exception_handler(HTTPException)
    async def _http(_: Request, error: HTTPException) -> JSONResponse:
        return problem_response(
            Problem(
                error.status_code,
                f"http-{error.status_code}",
                str(error.detail),
                headers=error.headers,
            )
        )

    @app.exception_handler(RequestValidationError)
    async def _validation(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        return problem_response(invalid_request(field, first["msg"]), language_of(request))


class _WithoutNul:
    """Lets no path or query with the character NUL in: no database keeps it, no id has it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._app
        if scope["type"] == "http":
            in_path = "\x00" in scope["path"]
            if in_path or b"%00" in scope["query_string"]:
                problem = invalid_request("path" if in_path else "query", "The character NUL")
                answer = problem_response(problem, language_of(Request(scope)))
        await answer(scope, receive, send)
