"""Who is told: a small file of receivers (nơi nhận), one default for the units and exceptions."""

from pathlib import Path
from typing import Any

import msgspec
import yaml

from motcua_cli.errors import CommandError


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a receiver is reached; without either it exists by name only and tells nobody."""

    webhook: str = ""
    email: str = ""

    def of(self, unit: str) -> "Target":
        """The same with the unit's id in the place of `{unit}`.

        >>> Target(webhook="http://gate/{unit}").of("24733").webhook
        'http://gate/24733'
        """
        return Target(self.webhook.replace("{unit}", unit), self.email.replace("{unit}", unit))


class Smtp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server; its password stands in a file on Alertmanager's machine."""

    smarthost: str
    sender: str
    username: str = ""
    password_file: str = ""
    require_tls: bool = True


class Receivers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Targets by audience; `units` names those that differ from `each_unit`."""

    operator: Target = Target()
    province: Target = Target()
    publisher: Target = Target()
    watchdog: Target = Target()
    each_unit: Target = Target()
    units: dict[str, Target] = msgspec.field(default_factory=dict[str, Target])
    smtp: Smtp | None = None

    def needs_mail(self) -> bool:
        """Whether anyone is told by e-mail."""
        desks = (self.operator, self.province, self.publisher, self.watchdog, self.each_unit)
        return any(one.email for one in (*desks, *self.units.values()))

    def unit(self, unit: str) -> Target:
        """Where the leaders of a unit are reached."""
        return self.units.get(unit, self.each_unit).of(unit)


def read_receivers(path: Path) -> Receivers:
    """The receivers of a file.

    Raises:
        CommandError: it is missing, no YAML, says something else than receivers, or names an
            e-mail address and no mail server.
    """
    try:
        content: Any = yaml.safe_load(path.read_text("utf-8"))
        receivers = msgspec.convert(content or {}, Receivers)
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        reason = " ".join(str(error).split())
        raise CommandError(
            f"Không đọc được tệp nơi nhận {path}: {reason}", f"{path} holds no receivers: {reason}"
        ) from error
    if receivers.needs_mail() and receivers.smtp is None:
        raise CommandError(
            f"{path}: có địa chỉ thư nhưng không có máy chủ thư (smtp).",
            f"{path} names an e-mail address and no mail server (smtp).",
        )
    return receivers
