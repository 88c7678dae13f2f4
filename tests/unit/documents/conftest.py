import io
import os
from pathlib import Path

import pytest
from PIL import Image

from gov_portal.documents.typesetting import Typesetter

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def fonts_dir() -> Path:
    folder = Path(os.environ.get("GOV_FONTS_DIR", ROOT / ".cache" / "fonts"))
    if not any(folder.glob("*.ttc")):
        pytest.fail(f"no fonts in {folder}: run make setup, or deploy/fonts.sh {folder}")
    return folder


@pytest.fixture(scope="session")
def typesetter(fonts_dir: Path) -> Typesetter:
    return Typesetter(fonts_dir)


@pytest.fixture
def photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (900, 1100), "#88aacc").save(made, "JPEG")
    return made.getvalue()
