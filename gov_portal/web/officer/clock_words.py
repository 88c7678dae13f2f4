"""Say in one line where the legal clock of a case stands, such as 第7日/15（停2日：鉴定）."""

from gov_portal.web.base.clocks import stretches
from gov_portal.web.base.text import _
from workflows.domain.definition import Definition
from workflows.engine.clock import ClockExplanation


def clock_line(clock: ClockExplanation | None, item: Definition) -> str:
    """Return the line, empty before the clock has begun."""
    if clock is None or clock.started_on is None:
        return ""
    promised = clock.promised_working_days + clock.added_working_days
    line = _("第 {used} 日 / {promised}", used=clock.used_working_days, promised=promised)
    stops: dict[str, int] = {}
    for stretch in stretches(clock, item):
        if not stretch.is_counted and stretch.working_days:
            why = stretch.why or stretch.what
            stops[why] = stops.get(why, 0) + stretch.working_days
    if not stops:
        return line
    told = _("、").join(_("停 {n} 日：{why}", n=days, why=why) for why, days in stops.items())
    return line + _("（{stops}）", stops=told)
