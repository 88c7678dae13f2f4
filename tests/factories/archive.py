"""Ask veraPDF, which nobody here wrote, whether papers are archive files (PDF/A-2b, ISO 19005-2)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

JAR = Path(os.environ.get("VERAPDF_JAR", ".cache/verapdf/greenfield-apps.jar"))

BRIEF = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
"""Options of Java for a run of seconds: what it would compile thoroughly is over by then."""

needs_verapdf = pytest.mark.skipif(
    not JAR.is_file() or not shutil.which("java"), reason="no Java or no veraPDF: see make verapdf"
)


def judged(folder: Path, **papers: bytes) -> dict[str, str]:
    """Return ``PASS`` or what is wrong for each paper."""
    for name, pdf in papers.items():
        (folder / f"{name}.pdf").write_bytes(pdf)
    program = ("-cp", str(JAR), "org.verapdf.apps.GreenfieldCliWrapper")
    command = ["java", *BRIEF, *program, "--flavour", "2b", "--format", "text"]
    paths = [str(folder / f"{name}.pdf") for name in papers]
    checked = subprocess.run([*command, *paths], capture_output=True, text=True, timeout=120, check=False)
    lines = {
        name: next((one for one in checked.stdout.splitlines() if path in one), checked.stderr)
        for name, path in zip(papers, paths, strict=True)
    }
    return {name: "PASS" if line.startswith("PASS") else line for name, line in lines.items()}
