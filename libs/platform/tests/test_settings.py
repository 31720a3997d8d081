"""Settings: unknown names are refused, secrets may come from files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from motcua_platform.errors import Misconfigured
from motcua_platform.settings import ServiceSettings, read_settings
from pydantic import ValidationError

if TYPE_CHECKING:
    from pathlib import Path


class WithDatabase(ServiceSettings):
    database_url: str


GIVEN = {
    "MOTCUA_KAFKA_BOOTSTRAP": "127.0.0.1:9092",
    "MOTCUA_HTTP_PORT": "8080",
    "MOTCUA_DATABASE_URL": "postgresql://here",
    "PATH": "/bin",
}


def test_settings_come_from_the_environment_with_safe_defaults() -> None:
    settings = read_settings(WithDatabase, GIVEN)
    assert settings.kafka_bootstrap == "127.0.0.1:9092"
    assert settings.http_port == 8080
    assert (settings.environment, settings.http_host) == ("production", "127.0.0.1")
    with pytest.raises(ValidationError):
        settings.http_port = 1


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"MOTCUA_KAFKA_BOOTSTRAPP": "x"}, "MOTCUA_KAFKA_BOOTSTRAPP"),
        ({"MOTCUA_HTTP_PORT": "many"}, "MOTCUA_HTTP_PORT"),
        ({"MOTCUA_HTTP_PORT": "65536"}, "MOTCUA_HTTP_PORT"),
        ({"MOTCUA_ENVIRONMENT": "staging"}, "MOTCUA_ENVIRONMENT"),
        ({"MOTCUA_DATABASE_URL_FILE": "/does/not/exist"}, "MOTCUA_DATABASE_URL_FILE"),
    ],
)
def test_what_is_unknown_or_impossible_is_refused_by_its_name(
    changed: dict[str, str], named: str
) -> None:
    with pytest.raises(Misconfigured, match=f"{named}:"):
        read_settings(WithDatabase, GIVEN | changed)


@pytest.mark.parametrize("missing", ["MOTCUA_KAFKA_BOOTSTRAP", "MOTCUA_DATABASE_URL"])
def test_what_is_missing_is_named(missing: str) -> None:
    given = {name: value for name, value in GIVEN.items() if name != missing}
    with pytest.raises(Misconfigured, match=f"{missing}:"):
        read_settings(WithDatabase, given)


def test_a_secret_comes_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("postgresql://secret\n", "utf-8")
    given = GIVEN | {"MOTCUA_DATABASE_URL_FILE": str(secret)}
    assert read_settings(WithDatabase, given).database_url == "postgresql://secret"


def test_a_refusal_does_not_tell_the_value() -> None:
    with pytest.raises(Misconfigured) as caught:
        read_settings(WithDatabase, GIVEN | {"MOTCUA_PASSWORD": "hunter2"})
    assert "hunter2" not in str(caught.value)
