"""Build views of cases as the services would show them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

from gov_portal.kernel.ids import CaseId, FileId, ItemId, LicenceId, OfficerId, TaskKey
from tests.factories.cases import card_item
from workflows.domain.definition import Phase
from workflows.domain.state import Status, TaskKind
from workflows.engine.clock import ClockExplanation, ClockLine
from workflows.services.forms import Form
from workflows.services.live import live_rules
from workflows.views import (
    ActView,
    BillLine,
    BillView,
    Card,
    CaseRow,
    CaseView,
    ConditionView,
    DocumentView,
    DraftView,
    DueBill,
    FieldView,
    Holder,
    InvolvedView,
    ItemRow,
    JointBillView,
    LicenceView,
    MarkView,
    MaterialView,
    ObjectionView,
    PageView,
    Permitted,
    PublicNotice,
    QueueRow,
    StandstillView,
    SupplementView,
    TimelineEntry,
    TurnView,
    VoteView,
    WorkView,
)

CASE = CaseId(UUID("30000000-0000-4000-8000-000000000001"))
FILE = FileId(UUID("40000000-0000-4000-8000-000000000001"))
COLLEAGUE = OfficerId(UUID("20000000-0000-4000-8000-000000000002"))
ITEM = ItemId("cdpf.disability-card.first")
NUMBER = "470101-20260302-0000001-X"
NAME = "残疾人证首次申办"
TASK = TaskKey("accept.1")


def at(day: int, hour: int = 1) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def a_field(path: str, value: object = None, *, source: str = "", shown: str | None = None) -> FieldView:
    item = card_item()
    kind = item.fields[path].type
    members = getattr(kind, "members", ())
    options = tuple((member, item.label(f"{path}.{member}")) for member in members)
    text = dict(options).get(str(value), kind.show(value)) if shown is None else shown
    return FieldView(
        path,
        item.label(path),
        kind,
        value,
        text,
        source or ("typed" if value is not None else ""),
        is_verified=bool(source),
        options=options,
        why=item.labels.get(f"{path}.why", ""),
    )


def the_fields() -> tuple[FieldView, ...]:
    return (
        a_field("applicant.name", "林晓禾", source="account"),
        a_field("applicant.id_no", "470101198005010124", source="account", shown="470101********0124"),
        a_field("applicant.birth", date(1980, 5, 1), source="police.person"),
        a_field("applicant.region", "470101", source="police.person"),
        a_field("applicant.photo", str(FILE)),
        a_field("claim.kind", "hearing"),
        a_field("claim.cause", "幼年高烧后听力逐渐下降"),
        a_field("claim.homebound", value=False),
        a_field("delivery.way", "pickup"),
    )


def a_draft(*, is_complete: bool = False, **changes: object) -> DraftView:
    asked = dict.fromkeys(("applicant.photo", "claim.kind", "claim.cause", "claim.homebound", "delivery.way"))
    if is_complete:
        asked = {view.path: view.value for view in the_fields() if view.path in asked}
    views = {path: a_field(path, value) for path, value in asked.items()}
    pages = (
        PageView(
            "basic", "基本情况", tuple(view for path, view in views.items() if path != "delivery.way"), is_complete
        ),
        PageView(
            "delivery",
            "领证方式",
            (views["delivery.way"],),
            is_complete,
            candidates=(views["delivery.way"], a_field("delivery.address")),
            live=live_rules(Form.of(card_item(), {}, answers={}, today=date(2026, 3, 2)), "delivery"),
        ),
    )
    draft = DraftView(
        CASE,
        ITEM,
        NAME,
        card_item().hash,
        pages,
        the_fields()[:4],
        (
            MaterialView("id_card", "materials.id_card", "居民身份证", "licence(id-card)", "covered"),
            MaterialView("household", "materials.household", "户口簿", "police.person", "covered"),
        ),
        (ConditionView("本省户籍", "残疾人证管理办法", holds=True),),
        (),
        None if is_complete else "basic",
        is_complete,
    )
    return replace(draft, **changes)


def a_clock() -> ClockExplanation:
    return ClockExplanation(
        phase="running",
        as_of=date(2026, 3, 17),
        received_on=date(2026, 3, 2),
        started_on=date(2026, 3, 4),
        stopped_on=None,
        promised_working_days=15,
        statutory_working_days=30,
        added_working_days=0,
        used_working_days=4,
        remaining_working_days=11,
        due_on=date(2026, 4, 1),
        statutory_due_on=date(2026, 4, 23),
        is_provisional=False,
        is_overdue=False,
        lines=(
            ClockLine(date(2026, 3, 5), date(2026, 3, 6), "running", 2, is_counted=True, step="joint"),
            ClockLine(date(2026, 3, 9), date(2026, 3, 13), "paused", 5, is_counted=False, step="assess", ground="鉴定"),
            ClockLine(date(2026, 3, 16), date(2026, 3, 17), "running", 2, is_counted=True, step="review"),
        ),
    )


def a_supplement() -> SupplementView:
    return SupplementView(
        TaskKey("accept.1.s"),
        (
            MarkView(
                "claim.cause", "致残原因", "请写明开始的时间和看过的医院", field=a_field("claim.cause", "幼年高烧")
            ),
            MarkView(
                "guard_doc",
                "监护关系证明",
                "请上传户口簿上监护人的那一页",
                material=MaterialView("guard_doc", "materials.guard_doc", "监护关系证明", "civil.guardian", "wanted"),
            ),
        ),
        date(2026, 4, 3),
    )


def a_case(**changes: object) -> CaseView:
    case = CaseView(
        case=CASE,
        case_number=NUMBER,
        item=ITEM,
        item_name=NAME,
        pinned=card_item().hash,
        status=Status.OPEN,
        phase=Phase.REVIEW,
        is_returned=False,
        submitted_at=at(2),
        outcome=None,
        closing="",
        remedies=(),
        refusal_reason="",
        timeline=(
            TimelineEntry(at(2), "submitted"),
            TimelineEntry(
                at(4),
                "acted",
                "accept",
                "受理",
                "东样区样例街道办事处",
                {"act": "ok", "act_label": "受理", "document": "受理通知书"},
            ),
            TimelineEntry(at(4), "entered", "assess", "残疾评定", "样例市第一评定医院"),
            TimelineEntry(at(5), "unavailable", "verify", "身份核验", "", {"resource": "police.person"}),
            TimelineEntry(at(6), "available", "verify", "身份核验"),
            TimelineEntry(
                at(13), "acted", "assess", "残疾评定", "样例市第一评定医院", {"act": "done", "act_label": "done"}
            ),
            TimelineEntry(at(16), "entered", "review", "审核", "东样区残疾人联合会"),
        ),
        clock=a_clock(),
        due_on=date(2026, 4, 1),
        is_due_provisional=False,
        holders=(Holder("review", "审核", "东样区残疾人联合会", at(16), date(2026, 3, 19)),),
        standstills=(StandstillView("paused", at(9), "assess", "残疾评定", "鉴定", "行政许可法第四十五条"),),
        supplement=None,
        permitted=Permitted(withdraw=True, urge=True),
        fields=the_fields(),
        materials=(MaterialView("household", "materials.household", "户口簿", "police.person", "covered"),),
        documents=(DocumentView(FILE, "受理通知书", at(4)),),
        licence=None,
    )
    return replace(case, **changes)


def a_granted_case() -> CaseView:
    return a_case(
        status=Status.CLOSED,
        phase=Phase.DELIVERY,
        outcome="granted",
        closing="出证办结",
        holders=(),
        standstills=(),
        permitted=Permitted(),
        licence=LicenceView(LicenceId(UUID(int=9)), "disability-card", "8K3M9TQ2", is_valid=True),
    )


def a_denied_case() -> CaseView:
    return a_case(
        status=Status.CLOSED,
        phase=Phase.DECISION,
        outcome="denied",
        closing="退回办结",
        holders=(),
        standstills=(),
        remedies=("行政复议", "行政诉讼"),
        refusal_reason="评定结果未达到残疾标准（《残疾人证管理办法》第九条）",
        permitted=Permitted(appeal=True),
        appeal_until=date(2026, 5, 15),
    )


def a_case_row(**changes: object) -> CaseRow:
    row = CaseRow(
        CASE,
        NUMBER,
        ITEM,
        NAME,
        card_item().hash,
        Status.OPEN,
        Phase.REVIEW,
        is_returned=False,
        outcome=None,
        needs_applicant=False,
        changed_at=at(16),
    )
    return replace(row, **changes)


def a_queue_row(**changes: object) -> QueueRow:
    row = QueueRow(
        CASE,
        NUMBER,
        TASK,
        ITEM,
        NAME,
        "accept",
        "受理",
        TaskKind.WORK,
        "林**",
        3,
        is_provisional=False,
        card=Card.NONE,
        officer=None,
        is_suspended=False,
    )
    return replace(row, **changes)


def a_work(**changes: object) -> WorkView:
    work = WorkView(
        case_id=CASE,
        task=TASK,
        step="accept",
        step_label="受理",
        kind=TaskKind.WORK,
        officer=None,
        is_mine=False,
        can_claim=True,
        fields=the_fields(),
        materials=(MaterialView("household", "materials.household", "户口簿", "police.person", "covered"),),
        acts=(
            ActView("ok", "受理", needs_reason=False, is_enabled=True, document="受理通知书"),
            ActView("supplement", "补正", needs_reason=False, is_enabled=True, asks_marks=True, document="补正告知书"),
            ActView(
                "refuse",
                "不予受理",
                needs_reason=True,
                is_enabled=True,
                document="不予受理决定书",
                closes_with="refused",
            ),
        ),
        fill=(),
        markable=(("claim.cause", "致残原因"), ("applicant.photo", "证件照片")),
        vote=None,
        objections=(),
        raised_reason="",
        remaining_working_days=3,
        is_provisional=False,
        card=Card.YELLOW,
        case=a_case(permitted=Permitted(suspend=True, extend=True, hand_over=True), suspend_grounds=("听证", "鉴定")),
        hand_over_to=((COLLEAGUE, "吴越"),),
    )
    return replace(work, **changes)


def an_assessment() -> WorkView:
    return a_work(
        task=TaskKey("assess.1"),
        step="assess",
        step_label="残疾评定",
        can_claim=False,
        markable=(),
        acts=(ActView("done", "", needs_reason=False, is_enabled=True),),
        fill=(a_field("assess.kind"), a_field("assess.level"), a_field("assess.report")),
    )


def a_vote() -> WorkView:
    return a_work(
        task=TaskKey("review.1.2"),
        step="review",
        step_label="审核",
        kind=TaskKind.VOTE,
        can_claim=False,
        vote=VoteView(3, 2, 1, None),
        objections=(ObjectionView("我认识申请人，听力没有问题。", at(12)),),
        markable=(),
        acts=(
            ActView("ok", "同意", needs_reason=False, is_enabled=True),
            ActView("redo", "退回评定", needs_reason=True, is_enabled=True, returns_to="评定与核验"),
            ActView("never", "批准", needs_reason=False, is_enabled=False, why_not="case.four-eyes"),
        ),
    )


def a_notice() -> PublicNotice:
    return PublicNotice(
        CASE,
        "publicise",
        NUMBER,
        NAME,
        "公示",
        "公示",
        (a_field("applicant.name", "林晓禾", shown="林**"), a_field("verdict.grade", "g2")),
        date(2026, 3, 16),
        date(2026, 3, 20),
    )


def item_row() -> ItemRow:
    return ItemRow(ITEM, NAME, "dept.cdpf", 3, card_item().hash, card_item().facts.code)


PAY_URL = "https://pay.example/pay/1"


def a_bill(**changes: object) -> BillView:
    """Return a bill of two lines that is to be paid."""
    bill = BillView(
        step="fee",
        step_label="缴费",
        lines=(
            BillLine("城市基础设施配套费", 120000000, "城市基础设施配套费管理办法", 1),
            BillLine("建筑垃圾处置费", 13050, number=2),
        ),
        amount_fen=120013050,
        state="placed",
        pay_url=PAY_URL,
        due_on=date(2026, 3, 12),
    )
    return replace(bill, **changes)


def a_joint_bill(**changes: object) -> JointBillView:
    """Return two bills of one bundle that are joined."""
    bill = a_bill()
    small = replace(bill, step_label="缴费", lines=(BillLine("建筑垃圾处置费", 8000, number=1),), amount_fen=8000)
    bills = (DueBill(CASE, NAME, "dept.housing", 1, bill), DueBill(FILE, "企业设立登记", "dept.market", 1, small))
    return replace(JointBillView(CASE, NUMBER, NAME, bills, f"{PAY_URL}-all"), **changes)


def an_involvement(**changes: object) -> InvolvedView:
    """Return what a party sees that is asked for an answer."""
    answer = ActView("answer", "提交答辩", needs_reason=False, is_enabled=True, fill=(a_field("claim.cause"),))
    waive = ActView("waive", "不答辩", needs_reason=False, is_enabled=True)
    view = InvolvedView(
        case=CASE,
        case_number=NUMBER,
        item=ITEM,
        item_name=NAME,
        pinned=card_item().hash,
        party="被申请人",
        status=Status.OPEN,
        outcome="",
        fields=(a_field("claim.kind", "hearing"),),
        documents=(DocumentView(FILE, "应诉通知书", at(3)),),
        turn=TurnView(TaskKey("answer.1"), "answer", "答辩", (answer, waive), (), date(2026, 3, 16)),
    )
    return replace(view, **changes)  # type: ignore[arg-type]
