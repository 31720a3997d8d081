"""The three services at rest: memory and processor, beside bare interpreters."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time

import httpx
import psutil
from motcua_cli.local.addresses import USUAL_PORTS, choose_addresses
from motcua_cli.local.services import Servers, program
from motcua_platform.kafka_connection import KafkaConnection

from bench.results import Row
from bench.stack import Parts, end, fresh_schema, until

_SETTLE_SECONDS = 5.0
_WATCH_SECONDS = 20.0
_LIBRARIES = "import fastapi, uvicorn, faststream.kafka, aiokafka, prometheus_client, structlog"


async def idle_rows(parts: Parts) -> list[Row]:
    """Resident memory together, and the share of a core that they use at rest."""
    connection = await fresh_schema(parts)
    await connection.close()
    addresses = choose_addresses()
    servers = Servers(KafkaConnection(parts.bootstrap), parts.database_url)
    processes = [
        subprocess.Popen(program.argv, env=dict(program.env or {}))
        for program in (program(name, servers, addresses) for name in USUAL_PORTS)
    ]
    bare = [_bare() for _ in processes]
    try:
        async with httpx.AsyncClient(trust_env=False) as http:
            for name in USUAL_PORTS:
                url = f"http://127.0.0.1:{addresses.port(name)}/readyz"
                await until(lambda url=url: _ready(http, url), 60)
        await asyncio.sleep(_SETTLE_SECONDS)
        watched = [psutil.Process(process.pid) for process in processes]
        before, started = _cpu(watched), time.monotonic()
        await asyncio.sleep(_WATCH_SECONDS)
        share = (_cpu(watched) - before) / (time.monotonic() - started)
        resident = _resident(watched)
        floor = _resident([psutil.Process(process.pid) for process in bare])
    finally:
        for process in (*processes, *bare):
            end(process)
    return [
        Row.of("services.idle_rss_mb", resident, "MB", target=400, baseline=floor),
        Row.of("services.idle_cpu_percent", 100 * share, "%", target=3, baseline=100),
    ]


def _bare() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", f"{_LIBRARIES}; import time; time.sleep(600)"])


async def _ready(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).is_success
    except httpx.TransportError:
        return False


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(times.user + times.system for times in (one.cpu_times() for one in processes))


def _resident(processes: list[psutil.Process]) -> float:
    return sum(process.memory_info().rss for process in processes) / 1024**2
