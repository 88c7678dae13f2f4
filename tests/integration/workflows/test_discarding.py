"""A draft is discarded with all that was in it, or it is not discarded at all."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from gov_portal.kernel.errors import DomainError
from gov_portal.kernel.ids import CaseId
from tests.factories.town import Town
from workflows.services.drafts import must_be_draft
from workflows.storage.drafts import discard_draft
from workflows.storage.visibility import visible_to
from workflows.storage.writing import CaseMoved


def typed(town: Town, case: CaseId) -> int:
    with town.db.driver() as driver:
        row = driver.execute("SELECT count(*) FROM workflows_case_data WHERE case_id = %s", (case,)).fetchone()
    return int(row[0])


def blobs(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and len(path.name) == 32}


def test_a_case_that_was_submitted_in_another_window_keeps_everything(town: Town) -> None:
    case = town.draft()
    seen = must_be_draft(town.cases._find(case, sight=visible_to(town.citizen)))
    town.cases.submit(case, by=town.citizen, key="another window")
    before = typed(town, case)
    with pytest.raises(CaseMoved), town.db.driver() as driver:
        discard_draft(driver, seen)
    assert typed(town, case) == before > 0
    assert town.cases.view(case, by=town.citizen).case_number


def test_discarding_and_submitting_at_once_leave_a_whole_case_or_none(town: Town) -> None:
    for _ in range(8):
        case, barrier = town.draft(), Barrier(2)

        def submit(case: CaseId = case, barrier: Barrier = barrier) -> str:
            barrier.wait()
            town.cases.submit(case, by=town.citizen)
            return "submitted"

        def discard(case: CaseId = case, barrier: Barrier = barrier) -> str:
            barrier.wait()
            town.cases.discard(case, by=town.citizen)
            return "discarded"

        with ThreadPoolExecutor(2) as pool:
            jobs = [pool.submit(submit), pool.submit(discard)]
        (done,) = [job.result() for job in jobs if job.exception() is None]
        assert all(isinstance(job.exception(), DomainError | None) for job in jobs)
        assert (typed(town, case) > 0) is (done == "submitted")


def test_the_uploads_of_a_discarded_draft_leave_the_disk(town: Town, tmp_path: Path) -> None:
    kept = town.draft(by=town.newcomer())
    before = blobs(tmp_path)
    case = town.draft()
    assert blobs(tmp_path) > before
    town.cases.discard(case, by=town.citizen)
    assert blobs(tmp_path) == before
    with town.db.driver() as driver:
        owners = driver.execute("SELECT owner FROM kernel_files").fetchall()
    assert owners == [(f"case:{kept}",)]
