"""`motcua keys`: keys are made, shown once, overlapped and ended; files never shut anyone out."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from hashlib import sha256
from pathlib import Path

import pytest
from motcua.registry.v1 import registry_pb2 as pb
from motcua_cli.access.keys import (
    PREFIX,
    Term,
    ending_at,
    keeping_keys,
    party_of,
    with_key,
    without_key,
)
from motcua_cli.errors import CommandError
from motcua_cli.main import app
from motcua_cli.stack import KafkaServer
from motcua_kernel.instant import Instant
from motcua_platform.access.principals import Principals
from motcua_platform.domain_clock import real_now
from motcua_platform.kafka_connection import KafkaConnection
from motcua_platform.registry_reader import read_registry
from typer.testing import CliRunner, Result

DISTRICT = pb.RegistryEntry(
    publisher=pb.Publisher(id="666", name="Một cửa", units=["666"], key_sha256=["ab" * 32])
)
READER = pb.RegistryEntry(account=pb.Account(id="tk-1"))


@pytest.mark.parametrize("entry", [DISTRICT, READER])
def test_a_rotation_ends_the_old_keys_and_leaves_the_new_one(entry: pb.RegistryEntry) -> None:
    old = with_key(entry, "old", "mc_old", Term(10))
    new = with_key(ending_at(old, 500), "new", "mc_new", Term(400, 900))
    terms = {key.id: (key.valid_from, key.valid_until) for key in party_of(new).keys}
    assert terms.items() >= {"old": (10, 500), "new": (400, 900)}.items()
    assert all(until <= 500 for name, (_, until) in terms.items() if name != "new")
    assert not getattr(party_of(new), "key_sha256", [])
    assert len(terms) == (3 if entry is DISTRICT else 2)


def test_a_key_that_ends_sooner_keeps_its_end() -> None:
    old = with_key(READER, "old", "mc_old", Term(10, 100))
    assert party_of(ending_at(old, 500)).keys[0].valid_until == 100


def test_the_key_itself_is_nowhere_in_the_entry() -> None:
    entry = with_key(DISTRICT, "one", "mc_secret", Term(0))
    assert b"mc_secret" not in entry.SerializeToString()
    assert party_of(entry).keys[0].sha256 == sha256(b"mc_secret").hexdigest()


def test_what_is_not_there_cannot_be_revoked_and_nothing_is_issued_twice() -> None:
    entry = with_key(READER, "one", "mc_a", Term(0))
    with pytest.raises(CommandError):
        without_key(entry, "two")
    with pytest.raises(CommandError):
        without_key(READER, "plain")
    with pytest.raises(CommandError):
        with_key(entry, "one", "mc_b", Term(0))
    assert party_of(without_key(entry, "one")).keys[0].revoked
    assert not party_of(without_key(DISTRICT, "plain")).keys


def test_a_file_without_keys_keeps_those_of_the_log_and_one_with_keys_rules() -> None:
    logged = with_key(DISTRICT, "one", "mc_a", Term(0))
    written = pb.RegistryEntry(publisher=pb.Publisher(id="666", name="Tên mới", units=["666"]))
    kept = keeping_keys(written, logged)
    assert kept.publisher.name == "Tên mới"
    assert list(kept.publisher.key_sha256) == ["ab" * 32]
    assert [key.id for key in kept.publisher.keys] == ["one"]
    assert not written.publisher.keys
    assert keeping_keys(DISTRICT, logged) == DISTRICT
    assert keeping_keys(written, None) == written


UNIT = """\
- unit: {id: "666", code: "67", name: "Tỉnh", level: UNIT_LEVEL_PROVINCE}
- working_week:
    first_day: "2020-01-01"
    last_day: "2020-12-31"
    days: [{windows: [{start_minute: 450, end_minute: 690}]}, {}, {}, {}, {}, {}, {}]
"""
LINES = UNIT.count("\n")


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('{publisher: {id: a, keySha256: ["mc_secret"]}}', "key.digest"),
        ('{account: {id: a, keys: [{id: k, sha256: "xyz"}]}}', "key.digest"),
        (f'{{account: {{id: a, keys: [{{id: k, sha256: "{"ab" * 32}"}}]}}}}', "key.shared"),
        ('{account: {id: a, grants: [{units: ["666"]}]}}', "role"),
        ('{account: {id: a, grants: [{role: ROLE_READER, units: ["1"]}]}}', "account.grants.units"),
        ("{importMapping: {publisher: nobody, name: x}}", "import_mapping.publisher"),
    ],
)
def test_a_file_with_a_bad_party_is_refused_by_rule(tmp_path: Path, line: str, rule: str) -> None:
    known = f'- {{publisher: {{id: p, units: ["666"], keySha256: ["{"ab" * 32}"]}}}}\n'
    file = tmp_path / "registry.yaml"
    file.write_text(f"{UNIT}{known}- {line}\n", "utf-8")
    done = run("registry", "check", str(file))
    assert done.exit_code == 1
    assert rule in done.output
    assert f"{file}:{LINES + 2}" in done.output


def run(*words: str) -> Result:
    return CliRunner().invoke(app, words)


@pytest.fixture(scope="module")
def bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as server:
        yield server.bootstrap


@pytest.mark.real
def test_a_key_lives_from_its_issue_over_a_rotation_to_its_revocation(
    bootstrap: str, tmp_path: Path
) -> None:
    file = tmp_path / "registry.yaml"
    file.write_text(f'{UNIT}- publisher: {{id: p, name: "Một cửa", units: ["666"]}}\n', "utf-8")
    to = ("--bootstrap", bootstrap)
    assert run("topics", "apply", "--replication", "1", *to).exit_code == 0
    applied = run("registry", "apply", str(file), *to)
    assert applied.exit_code == 0, (applied.output, applied.exception)
    assert run("keys", "issue", "nobody", *to).exit_code == 1

    def opens(key: str, after_days: int = 0) -> bool:
        registry = asyncio.run(read_registry(KafkaConnection(bootstrap)))
        at = Instant(real_now() + after_days * 86_400_000)
        return Principals(lambda: registry).of_key(key, at) is not None

    def issued(*words: str) -> str:
        done = run("keys", *words, *to)
        assert done.exit_code == 0, done.output
        return done.output.splitlines()[-1]

    first = issued("issue", "p", "--id", "first")
    assert first.startswith(PREFIX)
    assert opens(first)
    second = issued("rotate", "p", "--id", "second", "--overlap", "3")
    assert (opens(first, 2), opens(first, 4), opens(second, 4)) == (True, False, True)
    assert run("registry", "apply", str(file), *to).exit_code == 0
    assert opens(second)
    assert run("keys", "revoke", "p", "second", *to).exit_code == 0
    assert (opens(first), opens(second)) == (True, False)
    listed = run("keys", "list", "p", *to).output
    assert "second" in listed
    assert "revoked" in listed
    assert first not in listed
