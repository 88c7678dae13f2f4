"""Every error of the platform has words in both languages, and they say what to do."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date

import pytest

import gov_portal
import identity
import workflows
from gov_portal.kernel.errors import DomainError, Invalid, InvalidFields
from gov_portal.kernel.types import Fault, ValueRefused
from gov_portal.web.base.catalogue import catalogue, has_text, message, text_of
from gov_portal.web.base.language import LANGUAGES


def every_error() -> Iterator[type[DomainError]]:
    for package in (gov_portal, workflows, identity):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "migrations" not in module.name and not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    stack = [DomainError]
    while stack:
        error = stack.pop()
        stack += error.__subclasses__()
        if error.__module__.partition(".")[0] in {"gov_portal", "workflows", "identity"}:
            yield error


def test_every_error_has_words_of_its_own() -> None:
    assert sorted({error.code for error in every_error() if not has_text(error.code)}) == []


def test_every_fault_of_a_typed_value_has_words_of_its_own() -> None:
    assert [fault for fault in Fault if not has_text(fault)] == []


def test_every_entry_has_both_languages() -> None:
    assert {code: sorted(entry) for code, entry in catalogue().items() if set(entry) != set(LANGUAGES)} == {}


@pytest.mark.parametrize("code", sorted(catalogue()))
def test_a_chinese_text_addresses_the_reader_politely(code: str) -> None:
    assert "你" not in catalogue()[code]["zh"]


def test_a_message_says_how_long_the_number_should_be() -> None:
    refused = ValueRefused(Fault.CN_ID_LENGTH, expected=18, length=17)
    assert message(refused) == "身份证号应为18位，您填了17位"
    assert message(refused, language="en") == "The identity number has 18 characters; you typed 17"


def test_an_unknown_code_takes_the_words_of_the_code_above_it() -> None:
    assert text_of("case.never-heard-of") == text_of("case")
    assert text_of("never.heard.of") == text_of("error")


def test_a_parameter_that_is_wanting_leaves_a_gap_and_no_error() -> None:
    assert text_of("type.text.too-long", {"longest": 40}) == "最多填写40个字，您填了…个字"


def test_days_and_lists_are_spelled_for_people() -> None:
    low, high = date(1900, 1, 1), date(2026, 3, 2)
    assert text_of("type.date.range", {"low": low, "high": high}) == "日期应在 1900年1月1日 到 2026年3月2日 之间"
    assert "本省户籍、未满六十岁" in text_of("case.condition-unmet", {"conditions": ("本省户籍", "未满六十岁")})


def test_no_code_of_python_is_run_by_a_parameter() -> None:
    assert text_of("form.missing", {"label": "{0.__class__}"}) == "请填写{0.__class__}"


def test_collected_faults_say_how_many() -> None:
    assert message(InvalidFields([Invalid(field="a"), Invalid(field="b")])) == "有 2 处需要修改。"
