"""Send the browser the rules of a form page, and read which fields it showed by them."""

import json

from flask import request

from workflows.views import FieldView, LiveRules, PageView


def dumps(live: LiveRules | None) -> str:
    """Return the rules of a page as its script reads them, an empty text where there are none."""
    if live is None:
        return ""
    told = {"today": live.today.isoformat(), "kinds": live.kinds, "lets": live.lets, "rules": live.rules}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def shown_fields(view: PageView) -> tuple[FieldView, ...]:
    """Return the fields of a page with those that its script may show, in order."""
    if view.live is None:
        return view.fields
    known = {field.path for field in view.fields} | view.live.rules.keys()
    return tuple(field for field in view.candidates if field.path in known)


def asked_fields(view: PageView) -> tuple[FieldView, ...]:
    """Return the fields that the sender of this request was asked: those that the script showed, if one ran."""
    shown = _shown(view)
    if view.live is None or shown is None:
        return view.fields
    always = {field.path for field in view.fields} - view.live.rules.keys()
    return tuple(field for field in view.candidates if field.path in always | shown)


def left_out_fields(view: PageView) -> tuple[FieldView, ...]:
    """Return the fields that the script hid and other fields depend on; what they held before counts no more."""
    shown = _shown(view)
    if view.live is None or shown is None:
        return ()
    hidden = (view.live.rules.keys() & view.live.kinds.keys()) - shown
    return tuple(field for field in view.candidates if field.path in hidden)


def _shown(view: PageView) -> frozenset[str] | None:
    asked = request.form.get("asked")
    if asked is None or view.live is None:
        return None
    return frozenset(asked.split()) & view.live.rules.keys()
