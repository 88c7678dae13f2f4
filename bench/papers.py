"""Measure what a sealed notice costs: set as PDF/A and sealed, the dearest thing that a worker does.

``python -m bench.papers`` prints the processor time of one in milliseconds.
"""

import os
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from gov_portal.documents.authority import SealAuthority
from gov_portal.documents.notices import Notices
from gov_portal.documents.sealing import Sealer
from gov_portal.documents.typesetting import Typesetter

FONTS = Path(os.environ.get("GOV_FONTS_DIR", Path(__file__).resolve().parents[1] / ".cache" / "fonts"))


@dataclass(frozen=True)
class _Order:
    document: str = "受理通知书"
    case_number: str = "470101-20260302-0000123-K"
    item_name: str = "残疾人证新办"
    authority: str = "东样区残疾人联合会"
    applicant_name: str = "样例"
    on: date = date(2026, 3, 4)
    facts: dict[str, object] = field(default_factory=dict)


def cpu_ms(rounds: int = 15) -> float:
    """Return the median processor time of one sealed notice; the first, which reads fonts and keys, is left out."""
    with tempfile.TemporaryDirectory(prefix="gov-bench-") as folder:
        notices = Notices(Typesetter(FONTS), is_sample=True, sealer=Sealer(SealAuthority(Path(folder))))
        notices.make(_Order())
        spent = []
        for _ in range(rounds):
            began = time.process_time()
            notices.make(_Order())
            spent.append((time.process_time() - began) * 1_000)
    return statistics.median(spent)


if __name__ == "__main__":
    print(f"{cpu_ms():.0f} ms of processor time for a sealed notice")
