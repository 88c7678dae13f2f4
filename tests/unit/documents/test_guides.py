"""A guide is an archivable paper that says what its page says; the same one is set once."""

from dataclasses import replace
from datetime import date

import pytest

from gov_portal.documents.guides import GuidePaper, GuidePapers
from gov_portal.documents.typesetting import Typesetter
from tests.unit.documents.inspection import declared_standard, fonts, text_of

PAPER = GuidePaper(
    eyebrow="办事指南",
    title="残疾人证首次申办",
    sentence="个人可以申请，受理后15个工作日内办结，发给残疾人证。",
    authority="样例市残疾人联合会",
    number="cdpf.disability-card.first · 3",
    facts=(("条件", ("本省户籍（残疾人证管理办法）",)), ("材料", ("居民身份证：不用交", "户口簿：不用交 #strong[x]"))),
    sections=(("怎么办", ("收件：提交申请", "受理")), ("大家常问", ("评定要花钱吗？ 办证不收费。",))),
    footnotes=("截至 2026年3月2日",),
    on=date(2026, 3, 2),
)


@pytest.fixture(scope="module")
def papers(typesetter: Typesetter) -> GuidePapers:
    return GuidePapers(typesetter)


def test_a_guide_is_an_archivable_pdf_with_all_its_words(papers: GuidePapers) -> None:
    pdf = papers.make(PAPER)
    assert declared_standard(pdf) == ("2", "B")
    assert all(fonts(pdf).values())
    text = text_of(pdf)
    for words in (
        "残疾人证首次申办",
        "本省户籍（残疾人证管理办法）",
        "户口簿：不用交#strong[x]",
        "收件：提交申请",
        "截至",
    ):
        assert words in text


def test_the_same_guide_is_set_once_and_another_anew(papers: GuidePapers) -> None:
    assert papers.make(PAPER) is papers.make(replace(PAPER))
    assert papers.make(replace(PAPER, on=date(2026, 3, 3))) != papers.make(PAPER)
