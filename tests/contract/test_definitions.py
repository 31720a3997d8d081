"""L6: the page of definitions says what the code does, and leaves no figure out."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import definition_cases
import pytest
from motcua_kernel.verdict import OUTCOME_NAMES, TIMING_NAMES
from motcua_metrics import catalogue
from motcua_processing.domain.verdicts import Figures
from motcua_processing.entrypoints.answers import figures_answer

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "definitions.md"
TEXT = PAGE.read_text("utf-8")
METRIC = re.compile(r"`(motcua_[a-z0-9_]+)")
LINK = re.compile(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)")
PAGES = sorted(
    page
    for page in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    if page.name != "metrics.md"
)


def test_every_example_of_the_page_comes_out_as_written() -> None:
    names = {name: value for name, value in vars(definition_cases).items() if name[0] != "_"}
    parsed = doctest.DocTestParser().get_doctest(TEXT, names, PAGE.name, str(PAGE), 0)
    assert len(parsed.examples) > 30
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(parsed, out=told.append).failed == 0, "".join(told)


def test_an_example_that_is_wrong_is_noticed() -> None:
    wrong = TEXT.replace("Decimal('99.77')", "Decimal('99.78')", 1)
    assert wrong != TEXT
    names = {name: value for name, value in vars(definition_cases).items() if name[0] != "_"}
    parsed = doctest.DocTestParser().get_doctest(wrong, names, PAGE.name, str(PAGE), 0)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    assert runner.run(parsed, out=lambda _: None).failed == 1


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
