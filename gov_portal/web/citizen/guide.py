"""Show the guide of an item (办事指南): who gets what in how many days, the facts, the flow, what others ask."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask import render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gov_portal.kernel.ids import ItemId
from gov_portal.web.base.access import requires
from gov_portal.web.base.kept_pages import kept
from gov_portal.web.base.labels import INSTANT, PHASES, department, duration, licence_name, limit
from gov_portal.web.base.reasons import worded
from gov_portal.web.base.regions import keep_asked_region, place_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission
from workflows.domain.definition import (
    FROM_ANOTHER_CASE,
    AllStep,
    Definition,
    Duration,
    EndStep,
    IfStep,
    Material,
    PayStep,
    Step,
    Unit,
)
from workflows.domain.subject import Renewal
from workflows.dsl.endings import other_endings
from workflows.dsl.picture import ending_note, flow_picture
from workflows.engine.clock import silence_label
from workflows.guides import guides

_AUDIENCES = {"natural": phrase("个人"), "legal": phrase("企业和组织")}
_CHANNELS = {"mobile": phrase("手机"), "web": phrase("网站"), "counter": phrase("窗口")}
_MEDIA = {"electronic": phrase("电子"), "paper": phrase("纸质")}
_DURATION = re.compile(r"(\d+)([a-z]+)")


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one line of the table of facts; ``lines`` with more than one entry become a list."""

    name: str
    lines: tuple[str, ...]


@kept
@requires(Permission.VIEW_PUBLIC)
def item(item: str) -> ResponseReturnValue:
    """Show the guide for where the reader applies, and remember the place where the address names one."""
    name, place = ItemId(item), place_of(ItemId(item))
    definition = services().cases.item(name, region=place.region)
    keep_asked_region()
    return render_template(
        "citizen/item.html",
        item=definition,
        place=place,
        is_startable=definition.is_startable,
        sentence=sentence(definition),
        facts=facts_of(definition),
        burdens=_burdens(definition),
        parts=_parts(definition),
        steps=steps_of(definition),
        endings=endings_of(definition),
        guide=guides().of(item),
        figures=services().ratings.of_item(name),
        picture=Markup(flow_picture(definition, say=_)),  # noqa: S704 - our own drawing of a linted item, every text escaped
    )


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Say what a bundle holds: one item, whose it is, how long it takes, and what must be done before it."""

    item: str
    name: str
    facts: str
    is_optional: bool


def _parts(item: Definition) -> list[PartFacts]:
    """Return the items that a bundle (一件事) is made of; none for an item by itself."""
    found = []
    for part in item.parts if item.is_bundle else ():
        said = [department(part.authority), *([duration(part.limit)] if part.limit else [])]
        if part.after:
            names = _("”“").join(_(item.label(f"step.{name}")) for name in part.after)
            said.append(_("等“{names}”办完", names=names))
        found.append(PartFacts(part.item, _(part.name), _("，").join(said), part.is_optional))
    return found


@dataclass(frozen=True, slots=True)
class Burden:
    """Compare what an item asked of people before with what it asks now."""

    name: str
    before: str
    now: str


def _burdens(item: Definition) -> list[Burden]:
    """Return what has become less; nothing where the item does not say how it was before."""
    before, facts = item.before, item.facts
    fields = sum(len(page.fields) for page in item.pages if page.when is None)
    papers = sum(material.source == "upload" for material in item.materials)
    counted = (
        ("fields", _("要填的项"), phrase("{n} 项"), fields),
        ("paper", _("要交的材料"), phrase("{n} 份"), papers),
        ("visits", _("到现场"), phrase("{n} 次"), facts.visits),
    )
    rows = [
        Burden(name, _(words, n=before[key]), _(words, n=now)) for key, name, words, now in counted if key in before
    ]
    if (waited := _DURATION.fullmatch(str(before.get("days", "")))) and waited[2] in set(Unit):
        days = duration(Duration(int(waited[1]), Unit(waited[2])))
        rows.append(Burden(_("最长等多久"), days, duration(facts.promised)))
    return rows


def endings_of(item: Definition) -> list[tuple[str, str]]:
    """Return how a case may also end, and when."""
    said = [(outcome, ending_note(_spoken(item), outcome, steps, say=_)) for outcome, steps in other_endings(item)]
    return [(_(item.label(f"outcome.{outcome}")), note) for outcome, note in said]


def _spoken(item: Definition) -> Definition:
    return replace(item, labels={key: _(label) for key, label in item.labels.items()})


def sentence(item: Definition) -> str:
    """Say in one sentence who gets what in how many days."""
    facts = item.facts
    who = _("、").join(_(_AUDIENCES.get(audience, audience)) for audience in facts.audience)
    days = limit(item, facts.promised)
    if facts.mode == INSTANT:
        result = licence_name(facts.licence) if facts.licence else _(facts.result or phrase("办理结果"))
        return _("{who}可以申请，提交以后系统马上办理，当场得到{result}。", who=who, result=result)
    if facts.licence:
        return _(
            "{who}可以申请，受理后{days}内办结，发给{licence}。",
            who=who,
            days=days,
            licence=licence_name(facts.licence),
        )
    return _("{who}可以申请，受理后{days}内作出决定。", who=who, days=days)


def _fee(item: Definition) -> tuple[str, ...]:
    """Say what is to pay, line by line with its rule, for a bundle those of its parts; how much, the bill says."""
    items = (item, *(services().cases.pinned(part.version) for part in item.parts if item.is_bundle))
    steps = [step for one in items for step in one.steps.values()]
    lines = [line for step in steps if isinstance(step, PayStep) for line in step.lines]
    if not lines:
        return (_("不收费"),)
    return tuple(
        _("{text}（{basis}）", text=_(line.name), basis=_(line.basis)) if line.basis else _(line.name) for line in lines
    )


def _limits(item: Definition) -> Iterator[str]:
    facts, silence = item.facts, silence_label(item)
    yield _("承诺：受理后{days}", days=limit(item, facts.promised))
    yield _("法定：受理后{days}", days=limit(item, facts.statutory))
    if silence:
        yield _("到法定期限没有作出决定的，依法视为{act}", act=_(silence))


def _renewal(rule: Renewal) -> Iterator[str]:
    """Say when a licence may be renewed, and what silence is to whom (行政许可法 50)."""
    yield _("有效期届满前{time}起可以申请", time=duration(rule.opens))
    if rule.deemed and rule.in_time:
        yield _("届满{time}以前申请的，到期没有作出决定，依法视为准予延续", time=duration(rule.in_time))
    elif rule.deemed:
        yield _("届满以前申请的，到期没有作出决定，依法视为准予延续")


def facts_of(item: Definition) -> list[Fact]:
    """Return what one has to know of an item, line by line."""
    facts = item.facts
    conditions = tuple(
        _("{text}（{basis}）", text=_(rule.text), basis=_(rule.basis)) if rule.basis else _(rule.text)
        for rule in item.conditions
    )
    media = _("、").join(_(_MEDIA.get(medium, medium)) for medium in facts.media)
    named = _(facts.result or phrase("决定书"))
    result = _("{name}（{media}）", name=licence_name(facts.licence), media=media) if facts.licence else named
    renew = item.start.renew
    return [
        Fact(_("条件"), conditions or (_("没有特别的条件"),)),
        Fact(_("材料"), tuple(_material(item, material) for material in item.materials) or (_("不用交材料"),)),
        Fact(_("时限"), tuple(_limits(item))),
        *([Fact(_("延续"), tuple(_renewal(renew)))] if renew else []),
        Fact(_("费用"), _fee(item)),
        Fact(_("到现场次数"), (_("{n} 次", n=facts.visits),)),
        Fact(_("结果"), (result,)),
        Fact(_("办理渠道"), (_("、").join(_(_CHANNELS.get(channel, channel)) for channel in facts.channels),)),
        Fact(_("办理部门"), (department(facts.authority),)),
        Fact(_("依据"), tuple(_(basis) for basis in facts.basis)),
        *([Fact(_("事项编码"), (facts.code,))] if facts.code else []),
    ]


def _material(item: Definition, material: Material) -> str:
    if material.source == "upload":
        how = _("需要上传")
    elif material.source.startswith("licence"):
        how = _("不用交，从电子证照取得")
    elif material.source == FROM_ANOTHER_CASE:
        how = _("不用交，从原来的办件取得")
    else:
        how = _("不用交，从{name}取得", name=department(material.source))
    if material.upload_if_absent:
        how += _("；查不到时需要上传")
    if material.when is not None:
        how += _("（{condition}的需要）", condition=worded(item).condition(material.when.tree))
    return _("{name}：{how}", name=_(material.name), how=how)


def steps_of(item: Definition) -> list[tuple[str, list[str]]]:
    """Return the names of the steps of each phase."""
    told = [(_(PHASES[phase]), list(_told(item, sequence))) for phase, sequence in item.flow]
    return [(phase, names) for phase, names in told if names]


_SIDE_BY_SIDE = (phrase("{block}（同时进行：{names}）"), phrase("{block}（任一完成即可：{names}）"))
"""How the guide tells of branches: all must be done, or the first."""


def _told(item: Definition, sequence: tuple[Step, ...]) -> Iterator[str]:
    for step in sequence:
        match step:
            case EndStep():
                continue
            case AllStep(branches=branches):
                names = _("、").join(name for branch in branches for name in _told(item, branch))
                yield _(_SIDE_BY_SIDE[step.is_race], block=_(item.label(f"step.{step.id}")), names=names)
            case IfStep(then=then, otherwise=otherwise):
                yield from _told(item, then + otherwise)
            case _:
                yield _(item.label(f"step.{step.id}"))
