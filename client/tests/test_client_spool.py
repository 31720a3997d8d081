"""The spool: what was put in is there until it is settled, whatever happens to the process."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from motcua_client.answers import Verdict
from motcua_client.errors import Invalid, SpoolError, SpoolFull, SpoolInUse
from motcua_client.spool import BATCH_BYTES, FILE, Spool


def event(number: int, dossier: str = "d") -> dict[str, str]:
    return {"id": f"e-{number}", "subject": dossier}


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool")


def ids(spool: Spool) -> list[str]:
    return [one.id for one in spool.take()]


def test_events_come_out_in_the_order_in_which_they_were_put_in(spool: Spool) -> None:
    spool.put([event(2), event(1)])
    spool.put([event(3)])
    assert ids(spool) == ["e-2", "e-1", "e-3"]


def test_what_was_put_in_is_there_after_the_file_is_opened_anew(
    spool: Spool, tmp_path: Path
) -> None:
    spool.put([event(1)])
    spool.close()
    assert ids(Spool(tmp_path / "spool")) == ["e-1"]


def test_every_commit_is_synced_to_the_disk(spool: Spool) -> None:
    ask = spool._connection.execute  # pyright: ignore[reportPrivateUsage]
    assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
    assert ask("PRAGMA synchronous").fetchone() == (2,)


def test_what_a_killed_process_put_in_is_there(tmp_path: Path) -> None:
    program = (
        "import os, signal, sys\n"
        "from motcua_client import Spool\n"
        "Spool(sys.argv[1]).put([{'id': 'e-1', 'subject': 'd'}])\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert ids(Spool(tmp_path)) == ["e-1"]


def test_a_batch_passes_over_dossiers_that_are_on_their_way(spool: Spool) -> None:
    spool.put([event(1, "a"), event(2, "b"), event(3, "a"), event(4, "c")])
    assert [one.id for one in spool.take({"a"})] == ["e-2", "e-4"]


def test_a_batch_is_bounded_by_number_and_by_size(spool: Spool) -> None:
    spool.put([event(number) for number in range(501)])
    assert len(spool.take()) == 500
    heavy = {"id": "x", "subject": "d", "data": "x" * (BATCH_BYTES // 3)}
    spool.settle([(one, Verdict(one.id, "accepted")) for one in spool.take(limit=501)])
    spool.put([heavy, heavy, heavy, {"id": "y", "data": "x" * BATCH_BYTES}])
    assert len(spool.take()) == 2
    spool.settle([(one, Verdict(one.id, "accepted")) for one in spool.take(limit=3)])
    spool.settle([(one, Verdict(one.id, "accepted")) for one in spool.take(limit=1)])
    assert [one.id for one in spool.take()] == ["y"]


def test_a_rejected_event_is_set_aside_whole_with_its_reason(spool: Spool) -> None:
    put = spool.put([event(1), event(2)])
    rejected = Verdict("e-1", "rejected", "/subject", "dossier-code", "mã hồ sơ")
    spool.settle([(put[0], rejected), (put[1], Verdict("e-2", "repeated"))])
    (one,) = spool.set_aside()
    assert (one.event, one.field, one.rule) == (put[0], "/subject", "dossier-code")
    assert spool.waiting() == 0
    assert spool.verdict_of(put[0]) == rejected
    assert spool.verdict_of(put[1]) == Verdict("e-2", "accepted")


def test_what_was_set_aside_can_be_tried_again(spool: Spool) -> None:
    put = spool.put([event(1), event(2)])
    spool.settle([(put[0], Verdict("e-1", "rejected", "", "procedure"))])
    assert spool.try_again() == 1
    assert ids(spool) == ["e-2", "e-1"]
    assert spool.set_aside() == []


@pytest.mark.parametrize("wrong", [b"{", b"[1]", b'"x"', b"\xff", {"id": object()}])
def test_what_is_no_json_object_is_refused_and_nothing_beside_it_is_put_in(
    spool: Spool, wrong: bytes
) -> None:
    with pytest.raises(Invalid):
        spool.put([event(1), wrong])
    assert spool.waiting() == 0


def test_a_full_disk_is_said_and_takes_nothing_away(spool: Spool) -> None:
    put = spool.put([event(1)])
    ask = spool._connection.execute  # pyright: ignore[reportPrivateUsage]
    (pages,) = ask("PRAGMA page_count").fetchone()
    ask(f"PRAGMA max_page_count={pages}")
    with pytest.raises(SpoolFull, match="disk is full"):
        spool.put([event(number) for number in range(2, 2_000)])
    assert ids(spool) == ["e-1"]
    spool.settle([(put[0], Verdict("e-1", "accepted"))])
    assert spool.waiting() == 0


def test_a_folder_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="file"):
        Spool(tmp_path / "file" / "spool")


def test_a_file_that_is_no_spool_is_named(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("something else" * 100)
    with pytest.raises(SpoolError, match=FILE):
        Spool(tmp_path)


def test_a_spool_of_a_later_version_is_left_alone(spool: Spool, tmp_path: Path) -> None:
    spool.close()
    connection = sqlite3.connect(tmp_path / "spool" / FILE)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    with pytest.raises(SpoolError, match="later version"):
        Spool(tmp_path / "spool")


def test_only_one_drains_but_all_may_put_in(spool: Spool, tmp_path: Path) -> None:
    other = Spool(tmp_path / "spool")
    with spool.draining():
        with pytest.raises(SpoolInUse), other.draining():
            pass
        other.put([event(1)])
    with other.draining():
        assert ids(spool) == ["e-1"]


@pytest.mark.skipif(os.name != "posix", reason="the rights of a folder are those of POSIX")
def test_only_its_owner_may_look_into_the_folder(spool: Spool) -> None:
    assert spool.path.parent.stat().st_mode & 0o077 == 0
