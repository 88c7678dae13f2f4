"""List the shortcuts of the desk, and switch those of single characters off (WCAG 2.1.4)."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gov_portal.web.base.access import requires
from gov_portal.web.base.choices import keep_choice
from gov_portal.web.base.text import _, phrase
from identity.permissions import Permission

COOKIE = "gov_keys"

SHORTCUTS = (
    ("j", phrase("下一件；在列表里是下一行")),
    ("k", phrase("上一件；在列表里是上一行")),
    ("g", phrase("回到待办")),
    ("n", phrase("领取下一件")),
    ("m", phrase("去有新留言的办件")),
    ("c", phrase("去核对表")),
    ("1 – 9", phrase("去第几个办理按钮，再按回车办理")),
    ("[ ]", phrase("上一份、下一份文件")),
    ("u", phrase("去撤销按钮，再按回车撤销")),
    ("/", phrase("查找")),
    ("?", phrase("显示这张表，Esc 关闭")),
)
"""Key and what it does; ``desk.js`` does it, ``docs/how-to/work-the-desk.md`` lists them too."""


def has_shortcuts() -> bool:
    """Tell whether the reader of this page wants shortcuts of single characters."""
    return request.cookies.get(COOKIE) != "off"


def keys(key: object) -> Markup:
    """Return the attribute that gives a control its key, for scripts and for whoever is read the page."""
    return Markup(' aria-keyshortcuts="{}"').format(key) if has_shortcuts() else Markup("")


@requires(Permission.VIEW_QUEUE)
def keyboard() -> ResponseReturnValue:
    """List the shortcuts; a press of the button switches them off or on."""
    if request.method == "POST":
        wants = request.form.get("keys") == "on"
        flash(_("单键快捷键已打开。") if wants else _("单键快捷键已关闭。"), "ok")
        answer = redirect(url_for("officer.keyboard"), 303)
        return keep_choice(answer, COOKIE, "on" if wants else "off")  # type: ignore[arg-type]
    return render_template(
        "officer/keyboard.html", shortcuts=[(key, _(what)) for key, what in SHORTCUTS], is_on=has_shortcuts()
    )
