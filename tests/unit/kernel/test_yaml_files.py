import datetime

import pytest

from gov_portal.kernel.yaml_files import FileInvalid, read


@pytest.mark.parametrize(
    ("spelt", "meant"),
    [
        ("on", "on"),
        ("no", "no"),
        ("12:30", "12:30"),
        ("0470101", "0470101"),
        ("470101", 470101),
        ("-3", -3),
        ("1.5", 1.5),
        ("true", True),
        ("null", None),
        ("2026-03-02", datetime.date(2026, 3, 2)),
    ],
)
def test_a_word_is_taken_as_yaml_1_2_takes_it(spelt: str, meant: object) -> None:
    (found,) = read(f"- {spelt}")
    assert (type(found), found) == (type(meant), meant)


@pytest.mark.parametrize("text", ["a: 1\na: 2", "- {a: 1, a: 2}", "a: [", "a: !!python/name:os.system"])
def test_what_is_no_plain_yaml_or_names_something_twice_is_refused(text: str) -> None:
    with pytest.raises(FileInvalid):
        read(text)
