"""How processes tell each other that something waits to be published."""

from __future__ import annotations

from typing import Final

WAKE_CHANNEL: Final = "motcua_publication"
"""The channel of PostgreSQL that is notified."""
