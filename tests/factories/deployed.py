"""Read the files of ``deploy/`` as the programs do that take them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from gov_portal.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
SYSTEMD = DEPLOY / "systemd"
OURS = "gov-portal:"
SECRET = re.compile(r"PASSWORD|TOKEN|SECRET(?!S_DIR)|KEY")


@cache
def variables() -> frozenset[str]:
    """Return every variable of the environment that the code reads."""
    read = re.compile(r'"((?:GOV_|DATABASE_|BROKER_)[A-Z_]+)"')
    return frozenset(
        name for path in (ROOT / "gov_portal").rglob("*.py") for name in read.findall(path.read_text("utf-8"))
    )


@cache
def routes() -> frozenset[str]:
    """Return every address that a blueprint answers."""
    declared = re.compile(r'@blueprint\.\w+\("([^"]+)"')
    pages = (ROOT / "gov_portal" / "web").rglob("*.py")
    return frozenset(route for path in pages for route in declared.findall(path.read_text("utf-8")))


@dataclass(frozen=True)
class Instruction:
    """Hold one instruction of a container file."""

    word: str
    text: str

    @property
    def words(self) -> list[str]:
        """Return the parts of an exec form."""
        return [str(one) for one in json.loads(self.text)]


def instructions(text: str) -> list[Instruction]:
    """Read a container file: continued lines are one, comments are none."""
    plain = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    lines = re.sub(r"\\\n\s*", " ", plain).splitlines()
    return [Instruction(*line.strip().split(" ", 1)) for line in lines if line.strip()]


def documents(path: Path) -> Iterator[dict]:
    """Read every document of a YAML file."""
    yield from (one for one in yaml.safe_load_all(path.read_text("utf-8")) if one)


def every_manifest() -> list[tuple[str, dict]]:
    """Return every object of the Kubernetes manifests with the name of its file."""
    paths = [path for path in sorted(KUBERNETES.glob("*.yaml")) if path.name != "kustomization.yaml"]
    return [(path.name, one) for path in paths for one in documents(path)]


def pod_of(manifest: dict) -> dict:
    """Return the specification of the pods that an object makes; empty where it makes none."""
    spec = manifest.get("spec", {})
    spec = spec.get("jobTemplate", {}).get("spec", spec)
    return spec.get("template", {}).get("spec", {})


def containers_of(manifest: dict) -> list[dict]:
    """Return all containers of an object, those that run before the others first."""
    pod = pod_of(manifest)
    return [*pod.get("initContainers", []), *pod.get("containers", [])]


def unit(path: Path) -> dict[str, dict[str, list[str]]]:
    """Read a systemd unit: section, key, every value in order."""
    found: dict[str, dict[str, list[str]]] = {}
    section: dict[str, list[str]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section.setdefault(key, []).append(value)
    return found


def settings_from(environment: Mapping[str, str], folder: Path) -> Settings:
    """Read the settings of an environment whose folders lie in a container."""
    here = dict.fromkeys(("GOV_SECRETS_DIR", "GOV_FILES_DIR", "GOV_FONTS_DIR"), str(folder))
    return Settings.from_environment({**environment, **here})


def substituted(text: str, given: Mapping[str, str]) -> str:
    """Put values where compose does: ``${NAME}``, ``${NAME:?said where it is missing}``."""
    return re.sub(r"\$\{(\w+)(?::\?[^}]*)?\}", lambda found: given[found[1]], text)
