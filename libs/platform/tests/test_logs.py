"""Logs are JSON lines, and never carry the local variables of an error."""

from __future__ import annotations

import json
import subprocess
import sys

CODE = """
import logging
import structlog
from motcua_platform.logs import configure_logs
configure_logs("intake", "info")
log = structlog.get_logger()
log.debug("unseen")
log.info("started", đơn_vị="Kiến Đức")
def handle(payload):
    raise ValueError("bad")
try:
    handle("sensitive" + "-payload")
except ValueError as error:
    log.error("crashed", exc_info=error)
    logging.getLogger("a.library").warning("of %s", "theirs", exc_info=error)
"""


def test_lines_are_json_with_service_level_time_and_no_locals() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    assert done.stdout == ""
    started, crashed, theirs = map(json.loads, done.stderr.splitlines())
    assert (started["event"], started["service"], started["level"]) == (
        "started",
        "intake",
        "info",
    )
    assert started["đơn_vị"] == "Kiến Đức"
    assert started["timestamp"].endswith("Z")
    assert crashed["exception"][0]["exc_type"] == "ValueError"
    assert crashed["exception"][0]["frames"]
    assert (theirs["event"], theirs["service"], theirs["logger"]) == (
        "of theirs",
        "intake",
        "a.library",
    )
    assert theirs["exception"][0]["frames"]
    assert "sensitive-payload" not in done.stderr
