"""`python -m motcua_metrics`: serve until told to stop."""

from __future__ import annotations

import sys

from motcua_platform.errors import Misconfigured
from motcua_platform.logs import configure_logs
from motcua_platform.service import serve
from motcua_platform.settings import read_settings

from motcua_metrics.bootstrap import build
from motcua_metrics.entrypoints.app import metrics_app
from motcua_metrics.settings import MetricsSettings


def main() -> None:
    """Read the settings, build, serve."""
    try:
        settings = read_settings(MetricsSettings)
    except Misconfigured as error:
        sys.exit(f"motcua-metrics: {error}")
    configure_logs("metrics", settings.log_level)
    serve(metrics_app(build(settings)), settings)


if __name__ == "__main__":
    main()
