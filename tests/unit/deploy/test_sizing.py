"""The page of sizing says what its own figures come to, and the reckoning is that of a calculation by hand."""

import re

import pytest

from bench.sizing import FIGURES, PAGE, Assumptions, Place, between, figures_of, figures_table, need_of, needs_table

TEXT = PAGE.read_text("utf-8")
ROWS = dict(re.findall(r"^\| .+ \| `([a-z-]+)` \| ([\d.e+]+) \|$", TEXT, re.MULTILINE))
SHOWN = {id_: float(value) for id_, value in ROWS.items()}


def test_the_page_is_what_its_figures_come_to() -> None:
    assert set(SHOWN) == set(FIGURES)
    assert between(TEXT, "figures", figures_table(SHOWN)) == TEXT
    assert between(TEXT, "needs", needs_table(SHOWN, Assumptions())) == TEXT


def test_a_place_needs_what_a_calculation_by_hand_says() -> None:
    figures = dict(zip(FIGURES, (5, 7_000, 0.2, 0.5, 500, 50), strict=True))
    given = Assumptions(bare_per_core_s=10_000, public_share=0.8, papers=2, busy=0.5, cores=10, files_a_case=100_000)
    need = need_of(Place("half a province", 63_500_000), figures, given)
    # 190 cases and 4,900 pages per second; 190 x 5 ms; 3,920 pages at 5,000 and 980 at 2,000 per second and core.
    assert (need.cases_s, need.pages_s) == (190, 4_900)
    assert (need.case_cores, need.page_cores, need.paper_cores) == pytest.approx((0.95, 1.274, 19))
    # 21.224 cores half busy are 42.4, so five machines of ten, and one to spare.
    assert need.machines == 6
    # 1,140 commits per second of 1,550 on two cores; 437.5 million cases of 7 kB, and of 100 kB of files.
    assert need.database_cores == 2
    assert (need.rows_gb_a_year, need.files_tb_a_year) == pytest.approx((3_062.5, 43.75))


def test_what_was_not_measured_is_as_bad_as_it_may_be() -> None:
    goals = [
        {"id": "case-cpu", "value": None, "must": 5},
        {"id": "case-bytes", "value": 5_200.0, "must": 7_000},
        {"id": "web-read", "value": 0.31, "must": 0.18},
        {"id": "web-public", "value": None, "must": 0.4},
        {"id": "timers-drain", "value": 900, "must": 500},
        {"id": "advance", "value": 1, "must": 45_000},
    ]
    assert figures_of(goals) == {
        "case-cpu": 5,
        "case-bytes": 5_200,
        "web-read": 0.31,
        "web-public": 0.4,
        "timers-drain": 900,
    }
    with pytest.raises(KeyError):
        figures_of(goals[1:])
