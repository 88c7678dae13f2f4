"""Keep what an officer likes: named filters of the queue, the one that opens the desk, and the columns."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import current_officer, requires
from gov_portal.web.base.forms import Faults, attempt
from gov_portal.web.base.queue_filters import filters_of, query_text
from gov_portal.web.base.services import services
from gov_portal.web.base.text import _
from identity.permissions import Permission
from workflows.services.preferences import COLUMNS, TooManyFilters


@requires(Permission.VIEW_QUEUE)
def save_filter() -> ResponseReturnValue:
    """Keep the filters of the queue under a name."""
    officer, query, name = current_officer().officer, query_text(filters_of(request.form)), request.form.get("name", "")
    done = attempt(lambda: services().preferences.save(officer, name=name, query=query), also=(TooManyFilters,))
    if isinstance(done, Faults):
        flash(done.items[0].message, "error")
    else:
        flash(_("筛选“{name}”已保存。", name=name.strip()), "ok")
    return redirect(f"{url_for('officer.queue')}?{query or 'all=1'}", 303)


@requires(Permission.VIEW_QUEUE)
def use_first(filter: UUID) -> ResponseReturnValue:
    """Open the desk with this filter from now on, or with all tasks again."""
    which = None if request.form.get("off") else filter
    services().preferences.set_default(current_officer().officer, which)
    flash(_("打开工作台时先显示这个筛选。") if which else _("打开工作台时先显示全部待办。"), "ok")
    return redirect(url_for("officer.queue", all=1), 303)


@requires(Permission.VIEW_QUEUE)
def delete_filter(filter: UUID) -> ResponseReturnValue:
    """Forget a named filter."""
    services().preferences.delete(current_officer().officer, filter)
    flash(_("筛选已删除。"), "ok")
    return redirect(url_for("officer.queue", all=1), 303)


@requires(Permission.VIEW_QUEUE)
def choose_columns() -> ResponseReturnValue:
    """Remember which columns the queue shows."""
    wanted = [name for name in COLUMNS if name in request.form.getlist("column")]
    services().preferences.choose_columns(current_officer().officer, wanted)
    query = query_text(filters_of(request.form))
    return redirect(f"{url_for('officer.queue')}?{query or 'all=1'}", 303)
