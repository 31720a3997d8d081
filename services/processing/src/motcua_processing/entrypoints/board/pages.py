"""How a page of the board is made: template, words, links that keep the question, safe headers."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from motcua_kernel.explain_texts import Language
from motcua_platform.problems import Problem

from motcua_processing.entrypoints.board import numerals
from motcua_processing.entrypoints.board.words import Words

HOME: Final = "/board"
KEPT: Final = ("lang", "at", "known", "view", "period", "refresh")
"""What links carry from page to page."""
FOLDER: Final = Path(__file__).parent
STYLE: Final = (FOLDER / "static" / "board.css").read_bytes()
ICON: Final = (FOLDER / "static" / "icon.svg").read_bytes()
_STYLE_VERSION: Final = sha256(STYLE).hexdigest()[:12]
_LEAST_REFRESH_SECONDS: Final = 15

HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_STYLE_LINK: Final = f"{HOME}/static/board.css?v={_STYLE_VERSION}"


@dataclass(frozen=True, slots=True)
class Address:
    """The page that was asked for, to make links from."""

    path: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, request: Request) -> Address:
        """The address of a request."""
        return cls(quote(request.scope["path"]), dict(request.query_params))

    def changed(self, **query: str | None) -> str:
        """This page with other parameters; None takes one off.

        >>> Address("/board", {"unit": "68", "sort": "unit"}).changed(sort=None, dir="asc")
        '/board?unit=68&dir=asc'
        """
        return _link(self.path, {**self.query, **query})

    def to(self, *path: str, **query: str | None) -> str:
        """Another page of the board, with what links carry along.

        >>> Address("/board", {"lang": "en", "sort": "unit"}).to("units", "a/b", department="x")
        '/board/units/a%2Fb?lang=en&department=x'
        """
        kept = {name: self.query[name] for name in KEPT if name in self.query}
        return _link("/".join((HOME, *(quote(one, safe="") for one in path))), {**kept, **query})


def _link(path: str, query: Mapping[str, str | None]) -> str:
    told = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}?{told}" if told else path


def language(request: Request) -> Language:
    """Vietnamese, unless English is asked for by `lang=en`."""
    return "en" if request.query_params.get("lang") == "en" else "vi"


def page(request: Request, template: str, status: int = 200, **told: Any) -> HTMLResponse:
    """A page; `told` are the values of its template."""
    words = Words(language(request))
    content = _ENVIRONMENT.get_template(template).render(
        w=words,
        n=numerals,
        lang=words.lang,
        here=Address.of(request),
        style=_STYLE_LINK,
        signed_in=_signed_in(request),
        **told,
    )
    return HTMLResponse(content, status, _page_headers(request, words))


def _page_headers(request: Request, words: Words) -> dict[str, str]:
    headers = {"Cache-Control": "no-store", "Content-Language": words.lang}
    seconds = request.query_params.get("refresh", "")
    if seconds.isdecimal() and len(seconds) < len("100000"):
        headers["Refresh"] = str(max(_LEAST_REFRESH_SECONDS, int(seconds)))
    return headers


COOKIE: Final = "motcua_board"


def _signed_in(request: Request) -> bool:
    return COOKIE in request.cookies


class BoardRoute(APIRoute):
    """A route whose every answer is a page, problems too, with the headers of the board."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of a page, with what can go wrong shown as a page."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except Problem as problem:
                response = problem_page(request, problem)
            except RequestValidationError as error:
                field = str(error.errors()[0]["loc"][-1])
                invalid = Problem(
                    422,
                    "invalid-request",
                    f"A value breaks a rule: {field}",
                    vi=(f"Giá trị không đúng: {field}", ""),
                )
                response = problem_page(request, invalid)
            response.headers.update(HEADERS)
            return response

        return answer


def problem_page(request: Request, problem: Problem) -> HTMLResponse:
    """A problem for people; who is not known may sign in."""
    if problem.status == 401:  # noqa: PLR2004 - unauthenticated
        refused = _signed_in(request)
        answer = page(
            request, "sign_in.html.j2", 401, next=Address.of(request).changed(), refused=refused
        )
        if refused:
            answer.delete_cookie(COOKIE, path=HOME)
        return answer
    title = problem.title if language(request) == "en" else problem.vi[0] or problem.title
    answer = page(request, "problem.html.j2", problem.status, title=title, problem=problem)
    if "Retry-After" in problem.headers:
        answer.headers["Retry-After"] = problem.headers["Retry-After"]
    return answer
