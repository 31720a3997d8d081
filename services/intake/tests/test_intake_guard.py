"""Every way in asks for a key; a new one that does not fails here."""

from __future__ import annotations

import pytest
from motcua_intake.adapters.processing import Processing
from motcua_intake.bootstrap import build_app
from motcua_intake.settings import IntakeSettings
from motcua_intake.testing import FakeEventLog, FakeRegistrySource, fake_world
from motcua_platform.access.testing import open_routes

OPEN = {
    *("GET /livez", "GET /readyz", "GET /metrics"),
    *("GET /openapi.json", "GET /docs", "GET /docs/oauth2-redirect", "GET /redoc"),
}


@pytest.mark.parametrize("access", ["guarded", "open"])
async def test_every_way_in_asks_for_a_key_even_where_reading_is_open(access: str) -> None:
    given = {"environment": "development", "kafka_bootstrap": "none:1", "access": access}
    settings = IntakeSettings.model_validate(given)
    world = fake_world(FakeEventLog(), FakeRegistrySource(), Processing("http://processing"))
    assert await open_routes(build_app(settings, world)) == OPEN
