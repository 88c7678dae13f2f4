"""Turn measured figures into machines for a town, a city and a province.

``python -m bench.sizing`` reads ``bench/out/latest.json``, measures what a sealed paper costs, and writes the tables of
``docs/reference/sizing.md`` anew; a figure of the sitting that was not measured is taken as bad as its goal allows.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.papers import cpu_ms

ROOT = Path(__file__).resolve().parents[1]
LATEST = ROOT / "bench" / "out" / "latest.json"
PAGE = ROOT / "docs" / "reference" / "sizing.md"
FIGURES = {
    "case-cpu": "processor time of a six-commit case, ms",
    "case-bytes": "stored by a six-commit case, bytes",
    "web-read": "page that reads, of bare Flask",
    "web-public": "cached public page, of bare Flask",
    "timers-drain": "timers due in the same second, drained per second",
    "paper-cpu": "processor time of a sealed paper, ms",
}
"""What the sizing goes by: goals of a sitting by their ids, and what a paper costs, which has no goal."""

PAPER = "paper-cpu"
PROVINCE_PEOPLE = 127_000_000
PROVINCE_CASES_PER_S = 380
PROVINCE_PAGES_PER_S = 9_800
CASES_A_YEAR = 875_000_000
COMMITS_A_CASE = 6


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Hold what no sitting measures; the page names each.

    Attributes:
        bare_per_core_s: requests that bare Flask answers on one core of the same server.
        public_share: of all pages, those that are the same for everybody.
        papers: notices and licences that a case leaves, each set and sealed.
        busy: share of a core that is planned with at the peak.
        cores: of a machine for processes.
        pair_commits_s: durable commits of the floor on two cores.
        database_share: of the floor that a database is planned with.
        files_a_case: bytes of encrypted files that a case leaves.
    """

    bare_per_core_s: float = 4_600
    public_share: float = 0.8
    papers: float = 3
    busy: float = 0.6
    cores: int = 8
    pair_commits_s: float = 6_200
    database_share: float = 0.25
    files_a_case: int = 400_000


@dataclass(frozen=True, slots=True)
class Place:
    """Name a place by how many people live there; its load is its share of the province's."""

    name: str
    people: int

    @property
    def share(self) -> float:
        """Return its part of the province."""
        return self.people / PROVINCE_PEOPLE


@dataclass(frozen=True, slots=True)
class Need:
    """Hold what a place needs at its peak; one of the machines is to spare."""

    cases_s: float
    pages_s: float
    case_cores: float
    page_cores: float
    paper_cores: float
    machines: int
    database_cores: int
    rows_gb_a_year: float
    files_tb_a_year: float


PLACES = (Place("town", 100_000), Place("city", 8_000_000), Place("province", PROVINCE_PEOPLE))


def figures_of(goals: Sequence[Mapping[str, object]]) -> dict[str, float]:
    """Return the figures of a sitting by id; one that was not measured, or is void, as bad as it may be.

    Raises:
        KeyError: a goal is missing that the sizing needs.
    """
    known = {str(goal["id"]): goal for goal in goals}
    found = {}
    for id_ in FIGURES:
        if id_ == PAPER:
            continue
        goal = known[id_]
        value = goal["value"] if goal["value"] is not None else goal["must"]
        found[id_] = float(str(value))
    return found


def need_of(place: Place, figures: Mapping[str, float], given: Assumptions) -> Need:
    """Return what a place needs."""
    cases = PROVINCE_CASES_PER_S * place.share
    pages = PROVINCE_PAGES_PER_S * place.share
    case_cores = cases * figures["case-cpu"] / 1_000
    read, public = (1 / (figures[name] * given.bare_per_core_s) for name in ("web-read", "web-public"))
    page_cores = pages * (given.public_share * public + (1 - given.public_share) * read)
    paper_cores = cases * given.papers * figures[PAPER] / 1_000
    cores = (case_cores + page_cores + paper_cores) / given.busy
    commits = cases * COMMITS_A_CASE
    year = CASES_A_YEAR * place.share
    return Need(
        cases_s=cases,
        pages_s=pages,
        case_cores=case_cores,
        page_cores=page_cores,
        paper_cores=paper_cores,
        machines=max(1, math.ceil(cores / given.cores)) + 1,
        database_cores=max(2, 2 * math.ceil(commits / (given.pair_commits_s * given.database_share))),
        rows_gb_a_year=year * figures["case-bytes"] / 1e9,
        files_tb_a_year=year * given.files_a_case / 1e12,
    )


def figures_table(figures: Mapping[str, float]) -> str:
    """Return the table of what the sizing goes by."""
    rows = [f"| {words} | `{id_}` | {figures[id_]:g} |" for id_, words in FIGURES.items()]
    return "\n".join(["| figure | goal | value |", "|---|---|---|", *rows])


def needs_table(figures: Mapping[str, float], given: Assumptions) -> str:
    """Return the table of what each place needs."""
    needs = [need_of(place, figures, given) for place in PLACES]
    rows = [
        ("people", [f"{place.people:,}" for place in PLACES]),
        ("cases per second at the peak", [_number(need.cases_s) for need in needs]),
        ("pages per second at the peak", [_number(need.pages_s) for need in needs]),
        ("cores for cases", [_number(need.case_cores) for need in needs]),
        ("cores for pages", [_number(need.page_cores) for need in needs]),
        ("cores for papers", [_number(need.paper_cores) for need in needs]),
        (f"machines of {given.cores} cores, one to spare", [str(need.machines) for need in needs]),
        ("cores of the database, and of its standby", [str(need.database_cores) for need in needs]),
        ("rows a year, GB", [_number(need.rows_gb_a_year) for need in needs]),
        ("files a year, TB", [_number(need.files_tb_a_year) for need in needs]),
        (
            "timers of one second (100,000 in the province), drained in s",
            [_number(100_000 * place.share / figures["timers-drain"]) for place in PLACES],
        ),
    ]
    head = ["| | " + " | ".join(place.name for place in PLACES) + " |", "|---|" + "---|" * len(PLACES)]
    return "\n".join([*head, *(f"| {words} | {' | '.join(cells)} |" for words, cells in rows)])


def between(text: str, mark: str, table: str) -> str:
    """Return a page with the table under a mark put in place of the old one."""
    return re.sub(rf"(<!-- {mark} -->\n).*?(?=\n\n|\Z)", lambda found: found[1] + table, text, flags=re.DOTALL)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def main() -> None:
    """Write the page anew."""
    found = figures_of(json.loads(LATEST.read_text("utf-8"))) | {PAPER: cpu_ms()}
    figures = {name: float(f"{value:.2g}") for name, value in found.items()}
    text = between(PAGE.read_text("utf-8"), "figures", figures_table(figures))
    PAGE.write_text(between(text, "needs", needs_table(figures, Assumptions())), "utf-8")


if __name__ == "__main__":
    main()
