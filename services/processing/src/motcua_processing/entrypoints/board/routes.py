"""All routes of the board."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Response

from motcua_processing.adapters.board_trends import BoardTrends
from motcua_processing.entrypoints.as_of import Sources
from motcua_processing.entrypoints.board.dossier_page import dossier_page
from motcua_processing.entrypoints.board.figures_pages import figures_pages
from motcua_processing.entrypoints.board.pages import HOME, ICON, STYLE, BoardRoute
from motcua_processing.entrypoints.board.sign_in import sign_in_routes

_FOR_A_YEAR: Final = "public, max-age=31536000, immutable"


def board_routes(sources: Sources, trends: BoardTrends) -> APIRouter:
    """Pages, the way in, and what the pages look like."""
    router = APIRouter()
    router.include_router(sign_in_routes())
    router.include_router(figures_pages(sources, trends))
    router.include_router(dossier_page(sources))
    router.include_router(_static())
    return router


def _static() -> APIRouter:
    router = APIRouter(prefix=f"{HOME}/static", route_class=BoardRoute, include_in_schema=False)

    @router.get("/board.css")
    async def style() -> Response:
        """The style sheet; pages name it with its version."""
        return Response(STYLE, media_type="text/css", headers={"Cache-Control": _FOR_A_YEAR})

    @router.get("/icon.svg")
    async def icon() -> Response:
        """A door."""
        return Response(ICON, media_type="image/svg+xml", headers={"Cache-Control": _FOR_A_YEAR})

    return router
