import hashlib
from pathlib import Path

import pytest
from motcua_cli.errors import CommandError
from motcua_cli.publishing.keys import ensure_keys, read_keys, sha256_of


def test_keys_are_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "demo" / "keys.json"
    keys = ensure_keys(file, ["a", "b"])
    assert len(set(keys.values())) == 2
    assert file.stat().st_mode & 0o777 == 0o600
    assert ensure_keys(file, ["a", "b"]) == keys == read_keys(file)


def test_a_new_publisher_gets_a_key_and_the_others_keep_theirs(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    keys = ensure_keys(file, ["a"])
    more = ensure_keys(file, ["a", "b"])
    assert more["a"] == keys["a"]
    assert more.keys() == {"a", "b"}
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_registry_holds_the_lower_case_sha256() -> None:
    assert sha256_of("secret") == hashlib.sha256(b"secret").hexdigest()


@pytest.mark.parametrize("text", ["[]", "{", '{"a": 1}'])
def test_a_file_that_is_no_object_of_keys_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)
    with pytest.raises(CommandError):
        read_keys(file)
