from pathlib import Path

import msgspec
from motcua_cli.demo.figures import Figures
from motcua_cli.demo.gauges import expected_gauges, read_gauges
from motcua_cli.demo.outcome import Outcome
from motcua_cli.demo.settling import Settled

EXPOSITION = """\
# HELP motcua_dossiers_received Received
# TYPE motcua_dossiers_received gauge
motcua_dossiers_received{unit="666",department="a",channel="counter",period="year"} 11000.0
motcua_dossiers_received{unit="24733",department="",channel="online",period="year"} 960.0
motcua_dossiers_received{unit="666",department="a",channel="counter",period="month"} 900.0
# HELP motcua_dossiers_resolved Resolved
# TYPE motcua_dossiers_resolved gauge
motcua_dossiers_resolved{unit="666",department="a",outcome="early",period="year"} 5000.0
motcua_dossiers_resolved{unit="666",department="a",outcome="on_time",period="year"} 5845.0
motcua_dossiers_resolved{unit="666",department="a",outcome="overdue",period="year"} 25.0
# HELP motcua_dossiers_in_progress In progress
# TYPE motcua_dossiers_in_progress gauge
motcua_dossiers_in_progress{unit="666",department="a",timing="within"} 300.0
motcua_dossiers_in_progress{unit="666",department="a",timing="due_soon"} 80.0
motcua_dossiers_in_progress{unit="666",department="a",timing="overdue"} 20.0
motcua_dossiers_in_progress{unit="666",department="a",timing="paused"} 55.0
"""


def _outcome(figures: Figures) -> Outcome:
    return Outcome(Settled(figures, expected_gauges(figures)), events=70_000, seconds=61.23)


def test_gauges_are_summed_over_units_for_this_year(figures: Figures) -> None:
    assert read_gauges(EXPOSITION) == expected_gauges(figures)


def test_an_agreeing_run_has_no_faults(figures: Figures) -> None:
    assert _outcome(figures).faults() == []


def test_a_gauge_that_differs_from_the_api_is_a_fault(figures: Figures) -> None:
    gauges = dict(expected_gauges(figures)) | {"resolved.overdue": 24}
    faults = Outcome(Settled(figures, gauges), 1, 1.0).faults()
    assert len(faults) == 1
    assert "resolved.overdue: 24 ≠ 25" in faults[0][0]


def test_residuals_of_two_units_do_not_cancel_out() -> None:
    off = """\
# TYPE motcua_balance_residual gauge
motcua_balance_residual{unit="666"} 1.0
motcua_balance_residual{unit="24733"} -1.0
"""
    assert read_gauges(off)["balance_residual"] == 2


def test_figures_name_their_local_day(figures: Figures) -> None:
    late = msgspec.structs.replace(figures, as_of="2020-10-30T17:00:00Z")
    assert (figures.as_of_day.day, late.as_of_day.day) == (30, 31)


def test_a_metrics_service_without_gauges_is_a_fault(figures: Figures) -> None:
    assert Outcome(Settled(figures, {}), 1, 1.0).faults()


def test_a_residual_is_a_fault(figures: Figures) -> None:
    off = msgspec.structs.replace(figures, balance_residual=-1)
    assert [english for _, english in _outcome(off).faults()] == ["the balance is off by -1"]


def test_the_article_is_named_where_it_differs(figures: Figures) -> None:
    late = msgspec.structs.replace(figures, on_time_percent="99.76", overdue_percent="0.24")
    named = [english.split()[0] for _, english in _outcome(late).faults()]
    assert named == ["on_time_percent", "overdue_percent"]


def test_the_summary_file_has_the_promised_members(figures: Figures, tmp_path: Path) -> None:
    file = tmp_path / "demo" / "summary.json"
    _outcome(figures).write(file)
    assert msgspec.json.decode(file.read_bytes()) == {
        "received": 11_960,
        "resolved": 10_870,
        "overdue": 25,
        "in_progress": 455,
        "other": 635,
        "on_time_percent": 99.77,
        "overdue_percent": 0.23,
        "balance_residual": 0,
        "events": 70_000,
        "seconds": 61.2,
    }
