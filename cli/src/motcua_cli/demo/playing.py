"""What every demo does to a running system: hand deliveries in, and wait for settled figures."""

import asyncio
from collections.abc import Sequence

import httpx

from motcua_cli.console import counting
from motcua_cli.demo.figures import FiguresClient
from motcua_cli.demo.settling import Settled, settle
from motcua_cli.local.addresses import Addresses
from motcua_cli.publishing.deliveries import Delivery
from motcua_cli.publishing.keys import Keys
from motcua_cli.publishing.publish import publish


def publish_all(deliveries: Sequence[Delivery], addresses: Addresses, keys: Keys) -> None:
    """Hand deliveries in to intake, behind a progress bar."""
    total = len(deliveries)
    with counting(total) as bars:
        task = bars.add_task("Gửi sự kiện · publishing", total=total)
        asyncio.run(
            publish(
                deliveries,
                url=addresses.intake,
                keys=keys,
                advanced=lambda count: bars.advance(task, count),
            )
        )


def settle_all(http: httpx.Client, client: FiguresClient, addresses: Addresses) -> Settled:
    """Wait until nothing moves any more, behind a progress bar."""
    with counting() as bars:
        task = bars.add_task("Chờ số liệu ổn định · settling", total=None)
        return settle(
            http,
            client,
            addresses.metrics,
            lambda left: bars.update(task, completed=left),
        )
