"""Send the guide of an item (办事指南) as a PDF to print or take along, in the reader's language."""

from flask import Response

from gov_portal.documents.guides import GuidePaper
from gov_portal.kernel.ids import ItemId
from gov_portal.kernel.working_days import local_date
from gov_portal.web.base.access import requires
from gov_portal.web.base.downloads import send
from gov_portal.web.base.labels import department
from gov_portal.web.base.regions import place_of
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _, day
from gov_portal.web.citizen.guide import endings_of, facts_of, sentence, steps_of
from identity.permissions import Permission
from workflows.domain.definition import Definition
from workflows.guides import guides


@requires(Permission.VIEW_PUBLIC)
def item_paper(item: str) -> Response:
    """Send the guide as PDF."""
    here = services().cases.item(ItemId(item), region=place_of(ItemId(item)).region)
    content = services().guide_papers.make(_paper(here))
    return send(content, "application/pdf", name=f"guide-{item.replace('.', '-')}")


def _paper(item: Definition) -> GuidePaper:
    facts, known, today = item.facts, guides().of(str(item.facts.id)), local_date(services().clock.now())
    steps = tuple(
        _("{label}：{act}", label=phase, act=_("，然后").join(names)) if names != [phase] else phase
        for phase, names in steps_of(item)
    )
    others = tuple(_("{text}（{basis}）", text=name, basis=when) if when else name for name, when in endings_of(item))
    asked = tuple(f"{_(question)} {_(answer)}" for question, answer in known.questions)
    there = [_(known.where), _("请带：{things}", things=_(known.bring)) if known.bring else ""] if known.where else []
    sections = (
        (_("怎么办"), steps),
        (_("也可能这样结束"), others),
        (_("到窗口办"), tuple(filter(None, there))),
        (_("大家常问"), asked),
    )
    notes = [_("截至 {day}；以网上的办事指南为准。", day=day(today))]
    if services().is_sandbox:
        notes.append(_("样本 · 虚构机构，仅供演示"))
    return GuidePaper(
        eyebrow=_("办事指南"),
        title=_(facts.name),
        sentence=sentence(item),
        authority=department(facts.authority),
        number=f"{facts.id} · {facts.version}",
        facts=tuple((fact.name, fact.lines) for fact in facts_of(item)),
        sections=tuple((heading, lines) for heading, lines in sections if lines),
        footnotes=tuple(notes),
        on=today,
    )
