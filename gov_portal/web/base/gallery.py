"""Show every component in every state with the call that makes it; only in the sandbox."""

from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Blueprint, current_app, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from gov_portal.web.base.access import requires
from gov_portal.web.base.forms import Fault, Faults, Input
from gov_portal.web.base.text import _, phrase
from gov_portal.web.base.timeline import Told
from identity.permissions import Permission

blueprint = Blueprint("gallery", __name__, template_folder="templates")

SAMPLES = (
    ("buttons", phrase("按钮")),
    ("links", phrase("链接")),
    ("banners", phrase("提示")),
    ("badges", phrase("标签")),
    ("cards", phrase("卡片")),
    ("fields", phrase("输入项")),
    ("choices", phrase("选择")),
    ("uploads", phrase("上传文件")),
    ("errors", phrase("填错了")),
    ("tables", phrase("表格")),
    ("filters", phrase("筛选和翻页")),
    ("facts", phrase("要点和核对")),
    ("steps", phrase("步骤和时限")),
    ("timeline", phrase("经过")),
    ("working", phrase("正在处理")),
    ("empty", phrase("没有内容")),
    ("success", phrase("办成了")),
    ("more", phrase("展开说明")),
    ("icons", phrase("图标")),
)
_HEAD = '{% import "base/parts.html" as p %}\n'


@dataclass(frozen=True, slots=True)
class Sample:
    """Hold one component: its name, what it looks like, and the call that makes it."""

    id: str
    title: str
    shown: Markup
    source: str


@blueprint.get("/gallery")
@requires(Permission.VIEW_SANDBOX)
def gallery() -> ResponseReturnValue:
    """Show the components."""
    return render_template("base/gallery.html", samples=[_sample(name, title) for name, title in SAMPLES])


def _sample(name: str, title: str) -> Sample:
    template = f"base/gallery/{name}.html"
    shown = Markup(render_template(template, **_material()))  # noqa: S704 - our own template, which escapes
    return Sample(name, _(title), shown, _source(template))


def _source(template: str) -> str:
    loader = current_app.jinja_env.loader
    if loader is None:  # pragma: no cover - Flask always has one
        return ""
    source, _path, _is_fresh = loader.get_source(current_app.jinja_env, template)
    return source.removeprefix(_HEAD).strip()


def _material() -> dict[str, object]:
    at = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    reasons = (_("理由：{value}", value=_("照片不清楚")),)
    return {
        "fault": Faults((Fault("wrong", _("请填写手机号")),)),
        "name": Input("name", _("姓名"), "text", "", hint=_("和身份证上的一样")),
        "wrong": Input("wrong", _("手机号"), "phone", "1201", _("手机号应为 11 位，您填了 4 位")),
        "note": Input("note", _("说明"), "textarea", "", is_required=False, why=_("您说得越清楚，我们办得越快。")),
        "birth": Input("birth", _("出生日期"), "date", {"year": "1980", "month": "5", "day": "1"}),
        "way": Input("way", _("领取方式"), "radios", "post", options=_ways()),
        "ways": Input("ways", _("怎样通知您"), "checkboxes", ("post",), options=_ways()),
        "photo": Input("photo", _("照片"), "image", hint=_("JPG 或 PNG 图片；手机拍的大照片会自动缩小，不超过 30 MB")),
        "kept": Input("kept", _("户口簿"), "file", is_kept=True),
        "told": (
            Told(at, "submitted", _("提交申请，已收件"), "", (), ""),
            Told(at, "supplement-asked", _("需要补正"), _("街道"), reasons, "paused"),
            Told(at, "red-card", _("红牌：已超过办理时限"), "", (), "bad"),
        ),
    }


def _ways() -> tuple[tuple[str, str], ...]:
    return (("post", _("邮寄到家")), ("pickup", _("到窗口领取")))
