"""Run processing: `python -m motcua_processing`."""

from __future__ import annotations

import gc

from motcua_platform.logs import configure_logs
from motcua_platform.service import serve
from motcua_platform.settings import read_settings

from motcua_processing.bootstrap import Processing
from motcua_processing.settings import Settings


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings(Settings)
    configure_logs("processing", settings.log_level)
    app = Processing(settings).app()
    _calm_the_collector()
    serve(app, settings)


def _calm_the_collector() -> None:
    """Batches make many short-lived objects and no cycles: collect seldom, and spare the code."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


if __name__ == "__main__":
    main()
