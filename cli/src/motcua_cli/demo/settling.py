"""Waiting until every figure has settled: all records applied, published, and in the gauges."""

import time
from collections.abc import Callable, Mapping
from typing import Final

import httpx
import msgspec

from motcua_cli.demo.figures import Figures, FiguresClient
from motcua_cli.demo.gauges import Gauges, expected_gauges, read_gauges, read_gauges_by_unit
from motcua_cli.errors import CommandError

SETTLE_SECONDS: Final = 300.0
_AGREE_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.25


class Settled(msgspec.Struct, frozen=True):
    """The figures of both sides, once nothing moves any more."""

    figures: Figures
    gauges: Gauges

    def disagreements(self) -> list[str]:
        """The gauges that differ from the API, as `name: gauge instead of figure`."""
        expected = expected_gauges(self.figures)
        return [
            f"{name}: {self.gauges.get(name)} ≠ {value}"
            for name, value in expected.items()
            if self.gauges.get(name) != value
        ]


def settle(
    http: httpx.Client,
    client: FiguresClient,
    metrics_url: str,
    told: Callable[[int], None],
    seconds: float = SETTLE_SECONDS,
) -> Settled:
    """Poll until processing has nothing left and the gauges have followed.

    `told` hears how many records and states are still to come. Gauges that differ for longer
    than half a minute after that are returned as they are: that is a result, not a wait.

    Raises:
        CommandError: processing still has work after `seconds`.
    """
    _until_idle(client, told, seconds)
    figures = client.summary()
    give_up = time.monotonic() + _AGREE_SECONDS
    while True:
        settled = Settled(figures, read_gauges(_scrape(http, metrics_url)))
        if not settled.disagreements() or time.monotonic() > give_up:
            return settled
        time.sleep(_POLL_SECONDS)


def _until_idle(client: FiguresClient, told: Callable[[int], None], seconds: float) -> None:
    give_up = time.monotonic() + seconds
    while True:
        progress = client.progress()
        left = progress.lag + progress.unpublished
        told(left)
        if left == 0:
            return
        if time.monotonic() > give_up:
            raise CommandError(
                f"Sau {seconds:.0f} giây vẫn còn {left} bản ghi chưa xử lý xong.",
                f"After {seconds:.0f} s there are still {left} records to work off.",
            )
        time.sleep(_POLL_SECONDS)


def gauges_by_unit(http: httpx.Client, metrics_url: str) -> Mapping[str, Gauges]:
    """The gauges of each unit at a scrape of now."""
    return read_gauges_by_unit(_scrape(http, metrics_url))


def _scrape(http: httpx.Client, url: str) -> str:
    """The text of a scrape; empty while metrics does not answer."""
    try:
        response = http.get(f"{url}/metrics")
    except httpx.TransportError:
        return ""
    return response.text if response.is_success else ""
