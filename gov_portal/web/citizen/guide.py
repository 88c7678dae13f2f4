"""Show the home page and the guide of an item (办事指南)."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.principal import Citizen
from gov_portal.web.base.access import principal, requires
from gov_portal.web.base.labels import PHASES, department, duration, licence_name
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.domain.definition import AllStep, Definition, EndStep, IfStep, Material, Step
from workflows.domain.state import Status
from workflows.dsl.picture import flow_picture
from workflows.views import CaseRow, ItemRow

_AUDIENCES = {"natural": "个人", "legal": "企业和组织"}
_CHANNELS = {"mobile": "手机", "web": "网站", "counter": "窗口"}
_MEDIA = {"electronic": "电子", "paper": "纸质"}
RECENT = 3


@requires(Permission.VIEW_PUBLIC)
def home() -> ResponseReturnValue:
    """Show the search box, what was begun, and the items."""
    query = request.args.get("q", "").strip()[:40]
    who = principal()
    rows = services().cases.my_cases(who) if isinstance(who, Citizen) else ()
    drafts = [row for row in rows if row.status is Status.DRAFT]
    running = [row for row in rows if row.status is not Status.DRAFT]
    return render_template(
        "citizen/home.html",
        query=query,
        items=_matching(services().cases.items(), query),
        drafts=drafts,
        recent=running[:RECENT],
        wanted=_wanted(running),
        count=len(running),
    )


def _wanted(rows: list[CaseRow]) -> list[CaseRow]:
    return [row for row in rows if row.needs_applicant]


def _matching(items: tuple[ItemRow, ...], query: str) -> list[ItemRow]:
    words = query.split()
    return [item for item in items if all(_holds(item, word) for word in words)]


def _holds(item: ItemRow, word: str) -> bool:
    # 残疾证 finds 残疾人证: every character must occur, in order.
    rest = iter(item.name)
    return word in item.item or all(character in rest for character in word)


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one line of the table of facts; ``lines`` with more than one entry become a list."""

    name: str
    lines: tuple[str, ...]


@requires(Permission.VIEW_PUBLIC)
def item(item: str) -> ResponseReturnValue:
    """Show the guide: who gets what in how many days, the facts, the flow."""
    definition = services().cases.item(ItemId(item))
    return render_template(
        "citizen/item.html",
        item=definition,
        sentence=_sentence(definition),
        facts=_facts(definition),
        steps=_steps(definition),
        picture=Markup(flow_picture(definition, say=_)),  # noqa: S704 - our own drawing of a linted item, every text escaped
    )


def _sentence(item: Definition) -> str:
    facts = item.facts
    who = "、".join(_AUDIENCES.get(audience, audience) for audience in facts.audience)
    days = duration(facts.promised)
    if facts.licence:
        return _(
            "{who}可以申请，受理后{days}内办结，发给{licence}。",
            who=who,
            days=days,
            licence=licence_name(facts.licence),
        )
    return _("{who}可以申请，受理后{days}内作出决定。", who=who, days=days)


def _facts(item: Definition) -> list[Fact]:
    facts = item.facts
    conditions = tuple(f"{rule.text}（{rule.basis}）" if rule.basis else rule.text for rule in item.conditions)
    media = "、".join(_MEDIA.get(medium, medium) for medium in facts.media)
    result = _("{name}（{media}）", name=licence_name(facts.licence), media=media) if facts.licence else _("决定书")
    return [
        Fact(_("条件"), conditions or (_("没有特别的条件"),)),
        Fact(_("材料"), tuple(_material(material) for material in item.materials) or (_("不用交材料"),)),
        Fact(
            _("时限"),
            (
                _("承诺：受理后{days}", days=duration(facts.promised)),
                _("法定：受理后{days}", days=duration(facts.statutory)),
            ),
        ),
        Fact(_("费用"), (_("不收费") if facts.fee == "nothing" else facts.fee,)),
        Fact(_("到现场次数"), (_("{n} 次", n=facts.visits),)),
        Fact(_("结果"), (result,)),
        Fact(_("办理渠道"), ("、".join(_CHANNELS.get(channel, channel) for channel in facts.channels),)),
        Fact(_("办理部门"), (department(facts.authority),)),
        Fact(_("依据"), facts.basis),
    ]


def _material(material: Material) -> str:
    if material.source == "upload":
        how = _("需要上传")
    elif material.source.startswith("licence"):
        how = _("不用交，从电子证照取得")
    else:
        how = _("不用交，从{name}取得", name=department(material.source))
    if material.upload_if_absent:
        how += _("；查不到时需要上传")
    if material.when is not None:
        how += _("（部分人需要）")
    return f"{material.name}：{how}"


def _steps(item: Definition) -> list[tuple[str, list[str]]]:
    told = [(PHASES[phase], list(_told(item, sequence))) for phase, sequence in item.flow]
    return [(phase, names) for phase, names in told if names]


def _told(item: Definition, sequence: tuple[Step, ...]) -> Iterator[str]:
    for step in sequence:
        match step:
            case EndStep():
                continue
            case AllStep(branches=branches):
                names = "、".join(name for branch in branches for name in _told(item, branch))
                yield _("{block}（同时进行：{names}）", block=item.label(f"step.{step.id}"), names=names)
            case IfStep(then=then, otherwise=otherwise):
                yield from _told(item, then + otherwise)
            case _:
                yield item.label(f"step.{step.id}")
