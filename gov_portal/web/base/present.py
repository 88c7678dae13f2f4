"""Reach the present request, its ``g`` and its app as they are.

Flask's ``request``, ``g`` and ``current_app`` look for them anew at each use, which costs as much as ten calls. What
runs for every request, or for every text of a page, asks here.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, Request, current_app, g, request
from flask.ctx import _AppCtxGlobals

T = TypeVar("T")


def _behind(proxy: T) -> Callable[[], T]:
    return cast(Callable[[], T], cast(Any, proxy)._get_current_object)


present_request: Callable[[], Request] = _behind(request)
present_g: Callable[[], _AppCtxGlobals] = _behind(g)
present_app: Callable[[], Flask] = _behind(current_app)
