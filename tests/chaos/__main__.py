"""Make a chaos run of one's own: ``SEED=7 CASES=5000 KILLS=30 python -m tests.chaos``; exits 1 where it finds any."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.chaos.plan import Form
from tests.chaos.run import chaos


def main() -> int:
    seed = int(os.environ.get("SEED") or time.time() % 100_000)
    cases, kills = int(os.environ.get("CASES") or 5_000), int(os.environ.get("KILLS") or 30)
    home = Path(tempfile.mkdtemp(prefix="gov-chaos-"))
    form = Form.long(seed, cases=cases, kills=kills)
    findings = chaos(home, form, seed=seed, tell=lambda line: print(line, flush=True))
    for finding in findings:
        print(finding)
    print(f"seed {seed}: {len(findings)} findings; again: make chaos SEED={seed} CASES={cases} KILLS={kills}")
    if findings:
        print(f"its databases and logs are kept in {home}")
        return 1
    shutil.rmtree(home, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
