"""Staying up until Ctrl-C or SIGTERM; both end the command in order."""

import signal
from types import FrameType
from typing import NoReturn

from motcua_cli.console import plain, say
from motcua_cli.local.running import Running


def end_in_order_on_sigterm() -> None:
    """Let SIGTERM do what Ctrl-C does, so that the children are ended by us and in order."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def wait_for_end() -> None:
    """Return at Ctrl-C or SIGTERM."""
    try:
        while True:
            signal.pause()
    except KeyboardInterrupt:
        say("Đang dừng…", "Stopping…")


def say_addresses(system: Running) -> None:
    """Print where the system answers and where its logs are."""
    addresses = system.addresses
    rows = [
        ("Tiếp nhận", "intake", f"{addresses.intake}/docs"),
        ("Xử lý, tra cứu", "processing", f"{addresses.processing}/docs"),
        ("Chỉ số", "metrics", f"{addresses.metrics}/metrics"),
        ("Kafka", "bootstrap", system.servers.kafka.bootstrap),
        ("PostgreSQL", "database", system.servers.database_url),
        ("Nhật ký", "logs", str(system.logs)),
    ]
    if system.watching is not None:
        rows += [
            ("Cảnh báo", "alerts", f"{system.watching.prometheus}/alerts"),
            ("Nơi nhận", "alertmanager", system.watching.alertmanager),
        ]
    for vietnamese, english, where in rows:
        plain(f"  {vietnamese + ' / ' + english:<28} {where}")
