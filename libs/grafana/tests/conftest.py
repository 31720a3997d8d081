"""The Grafanas that the tests speak to, and a way to the modules beside them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from fake_grafana import FakeGrafana
from grafana_description import Description
from grafana_stub import TOKEN, GrafanaStub, described, minding
from motcua_grafana.adapters.address import Address
from motcua_grafana.connect import Library, connect
from motcua_grafana.port import GrafanaPort
from real_grafana import TEST_URL, real_grafana

_REAL = [f"real server through {one.value}" for one in Library if TEST_URL in os.environ]
PORTS = ["fake", *(f"stub through {one.value}" for one in Library), *_REAL]


@pytest.fixture(scope="session")
def description() -> Description:
    """Grafana's description of its API; without it a test is skipped, but never in CI."""
    return described()


@pytest.fixture(scope="session")
def description_in_full() -> Description:
    """The description of everything, not only of what the stub answers."""
    return described(in_full=True)


@pytest.fixture
def stub(description: Description) -> Iterator[GrafanaStub]:
    """A stub that must not see one request or give one answer that Grafana does not know."""
    with minding(description) as one:
        yield one


@pytest.fixture(params=[one.value for one in Library])
def stubbed(stub: GrafanaStub, request: pytest.FixtureRequest) -> GrafanaPort:
    """The stub through each library."""
    return connect(Address(stub.url, TOKEN), Library(request.param))


@pytest.fixture(params=PORTS)
def grafana(request: pytest.FixtureRequest) -> Iterator[GrafanaPort]:
    """Every Grafana that there is."""
    where, _, through = str(request.param).partition(" through ")
    if where == "fake":
        yield FakeGrafana()
    elif where == "stub":
        stub: GrafanaStub = request.getfixturevalue("stub")
        yield connect(Address(stub.url, TOKEN), Library(through))
    else:
        with real_grafana(Library(through)) as port:
            yield port
