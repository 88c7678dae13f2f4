"""Make an environment for each peer under ``.cache/bench``, so that nothing of theirs comes into the product's."""

import subprocess
import sys
import venv
from pathlib import Path

CACHE = Path(__file__).parents[1] / ".cache" / "bench"
PACKAGES = {
    "viewflow": ("django-viewflow>=2.4,<3", "psycopg[binary]>=3.3"),
    "dbos": ("dbos>=3.4,<4", "psycopg[binary]>=3.3"),
    "spiffworkflow": ("SpiffWorkflow>=3.2,<4", "psycopg[binary]>=3.3"),
}


def environment_of(peer: str) -> Path:
    """Return the Python of a peer's environment, which is made at the first call and kept."""
    folder = CACHE / peer
    python, made = folder / "bin" / "python", folder / ".made"
    wanted = "\n".join(PACKAGES[peer])
    if not made.exists() or made.read_text() != wanted:
        print(f"   making {folder}", file=sys.stderr, flush=True)
        # Debian keeps what a new environment's own pip comes from in another package; ours installs there as well.
        venv.create(folder, clear=True)
        pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q"]
        subprocess.run([*pip, *PACKAGES[peer]], check=True)
        made.write_text(wanted)
    return python
