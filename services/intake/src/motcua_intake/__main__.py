"""Runs intake: `python -m motcua_intake`."""

from __future__ import annotations

from motcua_platform.errors import Misconfigured
from motcua_platform.logs import configure_logs
from motcua_platform.service import serve
from motcua_platform.settings import read_settings

from motcua_intake.bootstrap import build_app, kafka_world
from motcua_intake.settings import IntakeSettings


def main() -> None:
    """Serve until told to stop."""
    try:
        settings = read_settings(IntakeSettings)
    except Misconfigured as error:
        raise SystemExit(f"motcua_intake: {error}") from error
    configure_logs("intake", settings.log_level)
    serve(build_app(settings, kafka_world(settings)), settings)


if __name__ == "__main__":
    main()
