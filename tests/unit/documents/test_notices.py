from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from gov_portal.documents.notices import Notices, word
from gov_portal.documents.typesetting import Typesetter
from tests.unit.documents.inspection import declared_standard, fonts, read, text_of

AUTHORITY = "样例市东样区残疾人联合会"


@dataclass(frozen=True)
class Order:
    document: str
    facts: Mapping[str, object] = field(default_factory=dict)
    applicant_name: str = "样小禾"
    case_number: str = "470101-20260302-0000123-K"
    item_name: str = "残疾人证首次申办"
    authority: str = AUTHORITY
    on: date = date(2026, 3, 4)


ORDERS = [
    Order("受理通知书", {"limit": "15个工作日", "due_on": date(2026, 3, 25)}),
    Order(
        "补正告知书", {"due_on": date(2026, 4, 3), "marks": (("近期免冠照片", "照片模糊"), ("致残原因", "请写明时间"))}
    ),
    Order(
        "不予受理决定书",
        {"reason": "户籍不在本省", "basis": ["残疾人证管理办法"], "remedies": ("行政复议", "行政诉讼")},
    ),
    Order("不予批准决定书", {"reason": "未达到残疾标准。", "remedies": ("行政复议", "行政诉讼")}),
    Order("延期通知书", {"reason": "情况复杂"}),
    Order("行政复议受理通知书", {"due_on": date(2026, 5, 6)}),
    Order("行政复议决定书", {"verdict": "维持原决定", "reason": "原决定事实清楚", "remedies": ("行政诉讼",)}),
    Order("行政复议不予受理决定书", {"reason": "已过期限", "remedies": ("行政诉讼",)}),
    Order("收件回执", {"limit": "15个工作日", "received_on": date(2026, 3, 4), "materials": ("居民身份证", "户口簿")}),
]
every_notice = pytest.mark.parametrize("order", ORDERS, ids=lambda order: order.document)


@pytest.fixture(scope="session")
def notices(typesetter: Typesetter) -> Notices:
    return Notices(typesetter, is_sample=True)


@every_notice
def test_a_notice_is_an_archivable_pdf(notices: Notices, order: Order) -> None:
    pdf = notices.make(order)
    assert declared_standard(pdf) == ("2", "B")
    assert fonts(pdf)
    assert all(fonts(pdf).values())
    assert all("NotoS" in name for name in fonts(pdf))


@every_notice
def test_a_notice_names_who_what_when_and_by_whom(notices: Notices, order: Order) -> None:
    text = text_of(notices.make(order))
    for expected in (
        order.document,
        "样小禾",
        "残疾人证首次申办",
        "470101-20260302-0000123-K",
        AUTHORITY,
        "2026年3月4日",
    ):
        assert expected in text


@every_notice
def test_a_notice_of_the_sandbox_says_that_it_is_a_sample(notices: Notices, order: Order) -> None:
    text = text_of(notices.make(order))
    assert "样本" in text
    assert "不具法律效力" in text


def test_outside_the_sandbox_nothing_says_sample(typesetter: Typesetter) -> None:
    text = text_of(Notices(typesetter, is_sample=False).make(ORDERS[0]))
    assert "样本" not in text
    assert AUTHORITY in text


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        pytest.param(ORDERS[0], "自受理之日起15个工作日内作出决定（至2026年3月25日止）", id="promise"),
        pytest.param(ORDERS[0], "第三十二条，现予受理", id="acceptance-basis"),
        pytest.param(ORDERS[1], "现一次性告知需要补正的全部内容", id="one-time-notice"),
        pytest.param(ORDERS[1], "请您于2026年4月3日前一次补正", id="supplement-deadline"),
        pytest.param(ORDERS[2], "决定不予受理", id="refusal"),
        pytest.param(ORDERS[2], "理由：户籍不在本省。依据：《残疾人证管理办法》。", id="refusal-reason"),
        pytest.param(ORDERS[2], "六十日内申请行政复议，也可以自收到本决定书之日起六个月内", id="refusal-remedies"),
        pytest.param(ORDERS[3], "理由：未达到残疾标准。", id="denial-reason-ends-once"),
        pytest.param(ORDERS[4], "情况复杂", id="plain"),
        pytest.param(ORDERS[5], "《中华人民共和国行政复议法》第三十条规定的受理条件", id="review-acceptance"),
        pytest.param(ORDERS[6], "我机关决定：维持原决定。", id="review-verdict"),
        pytest.param(ORDERS[7], "可以自收到本决定书之日起十五日内向人民法院提起行政诉讼", id="review-remedies"),
        pytest.param(
            ORDERS[8],
            "您于2026年3月4日提交的“残疾人证首次申办”申请已经收到。随申请取得的材料：居民身份证、户口簿。",
            id="receipt",
        ),
        pytest.param(
            Order("收件回执", {"received_on": date(2026, 3, 9), "limit": "15个工作日"}, on=date(2026, 3, 7)),
            "申请已经收到，依法以2026年3月9日为收件日期。是否受理，我机关将依法另行告知",
            id="receipt-of-a-saturday",
        ),
        pytest.param(
            Order("受理通知书", {"basis": ("甲法", "《乙法》第三条")}),
            "根据《甲法》、《乙法》第三条，现予受理",
            id="laws",
        ),
    ],
)
def test_the_wording_says_what_the_law_wants(order: Order, sentence: str) -> None:
    wording = word(order)
    assert sentence in "".join([*wording.paragraphs, *wording.closing])


def test_a_supplement_lists_everything_with_its_reason(notices: Notices) -> None:
    text = text_of(notices.make(ORDERS[1]))
    assert "1近期免冠照片照片模糊" in text
    assert "2致残原因请写明时间" in text


def test_a_refusal_without_reason_shows_that_none_was_recorded(notices: Notices) -> None:
    assert "（未记载）" in "".join(word(Order("不予受理决定书")).paragraphs)


def test_a_long_notice_goes_on_to_a_second_page(notices: Notices) -> None:
    marks = tuple((f"材料{n}", "请重新提交清晰的扫描件，" * 4) for n in range(30))
    pdf = notices.make(Order("补正告知书", {"marks": marks}))
    assert len(read(pdf).pages) > 1
    assert "第2页" in text_of(pdf)


@pytest.mark.parametrize(
    "text", ["#panic()", "*粗*", "$x$", "// 注释", "\\u{41}", "<label>", "@ref", "= 标题", '"] , "']
)
def test_what_people_type_is_never_read_as_markup(notices: Notices, text: str) -> None:
    order = Order("不予受理决定书", {"reason": f"甲{text}乙"}, applicant_name=f"样{text}")
    assert f"甲{text}乙".replace(" ", "") in text_of(notices.make(order))


def test_the_same_order_gives_the_same_bytes(notices: Notices) -> None:
    assert notices.make(ORDERS[0]) == notices.make(ORDERS[0])
