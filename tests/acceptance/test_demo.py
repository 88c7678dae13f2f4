"""The story of `gov demo` holds, and leaves nobody's name, number or phone behind in plain text."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis

from gov_portal.cli.demo.command import play
from gov_portal.cli.instance import Home, Instance
from gov_portal.sandbox.officers import load_officers
from gov_portal.sandbox.people import load_people

pytestmark = pytest.mark.installations


def personal_words() -> Iterator[str]:
    for person in load_people().everybody:
        yield from (person.name, person.id_no, person.phone or "")
    for officer in load_officers():
        yield from (officer.name, officer.phone)


def spellings(word: str) -> Iterator[bytes]:
    yield word.encode()
    yield word.encode("unicode_escape")
    yield word.encode("utf-16-le")


def queued_bytes(socket: Path) -> bytes:
    with redis.Redis(unix_socket_path=str(socket)) as client:
        return b"".join(key + (client.dump(key) or b"") for key in client.scan_iter())


def test_the_story_holds_and_leaves_nothing_personal_in_plain_text(
    make_home: Callable[[], Path], tmp_path: Path
) -> None:
    home = Home(make_home())
    with Instance(home) as instance:
        papers = play(instance, out=tmp_path / "papers")
        queues = queued_bytes(Path(instance.environment["BROKER_URL"].removeprefix("redis+socket://")))
    assert [paper.read_bytes()[:5] for paper in papers] == [b"%PDF-"]

    wanted = {spelling for word in personal_words() if word for spelling in spellings(word)}
    files = [path for path in home.platform.rglob("*") if path.is_file()]
    assert len(files) > 100
    found = [
        (path.name, word)
        for path, content in [*((path, path.read_bytes()) for path in files), (Path("redis"), queues)]
        for word in wanted
        if word in content
    ]
    assert found == []


@pytest.mark.parametrize("word", ["林晓禾", "470101198005010124", "12000000001"])
def test_the_search_would_find_a_person(word: str) -> None:
    assert word in set(personal_words())
