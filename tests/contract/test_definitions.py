"""L6: the pages of definitions and of the clock say what the code does; no figure is left out."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from types import ModuleType

import clock_cases
import definition_cases
import pytest
from motcua_kernel.verdict import OUTCOME_NAMES, TIMING_NAMES
from motcua_metrics import catalogue
from motcua_processing.domain.verdicts import Figures
from motcua_processing.entrypoints.answers import figures_answer

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "definitions.md"
TEXT = PAGE.read_text("utf-8")
CLOCK_PAGE = ROOT / "docs" / "architecture" / "clock.md"
METRIC = re.compile(r"`(motcua_[a-z0-9_]+)")
LINK = re.compile(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)")
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def _run(page: Path, text: str, words: ModuleType) -> tuple[doctest.TestResults, str]:
    names = {name: value for name, value in vars(words).items() if name[0] != "_"}
    parsed = doctest.DocTestParser().get_doctest(text, names, page.name, str(page), 0)
    assert len(parsed.examples) > 30
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    return runner.run(parsed, out=told.append), "".join(told)


@pytest.mark.parametrize(
    ("page", "words"), [(PAGE, definition_cases), (CLOCK_PAGE, clock_cases)], ids=str
)
def test_every_example_of_a_page_comes_out_as_written(page: Path, words: ModuleType) -> None:
    done, told = _run(page, page.read_text("utf-8"), words)
    assert done.failed == 0, told


def test_an_example_that_is_wrong_is_noticed() -> None:
    wrong = TEXT.replace("Decimal('99.77')", "Decimal('99.78')", 1)
    assert wrong != TEXT
    assert _run(PAGE, wrong, definition_cases)[0].failed == 1


def test_every_member_of_a_summary_is_defined() -> None:
    members = [*figures_answer(Figures()), "balance_residual"]
    missing = [member for member in members if f"`{member}" not in TEXT]
    assert missing == []


def test_every_verdict_is_defined_in_its_official_words() -> None:
    for names in (OUTCOME_NAMES, TIMING_NAMES):
        for verdict, words in names.items():
            assert f"`{verdict.value}`" in TEXT, verdict
            assert words in TEXT, words


def test_every_metric_that_the_page_names_is_served() -> None:
    served = {metric.name for metric in catalogue.METRICS}
    named = set(METRIC.findall(TEXT))
    assert named
    assert named <= served


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = [one for one in LINK.findall(page.read_text("utf-8")) if "://" not in one]
    assert [one for one in targets if not (page.parent / one).exists()] == []
