"""Say how to get help, who runs this, what happens to data, and how accessible the pages are."""

from flask import render_template
from flask.typing import ResponseReturnValue

from gov_portal.web.base.access import requires
from gov_portal.web.base.kept_pages import kept
from identity.permissions import Permission


@kept
@requires(Permission.VIEW_PUBLIC)
def help_page() -> ResponseReturnValue:
    """Answer what people ask first, and say where to get help."""
    return render_template("citizen/help.html")


@kept
@requires(Permission.VIEW_PUBLIC)
def about() -> ResponseReturnValue:
    """Say what this is and who runs it."""
    return render_template("citizen/about.html")


@kept
@requires(Permission.VIEW_PUBLIC)
def privacy() -> ResponseReturnValue:
    """Say which data are kept, for how long, and what a person may ask."""
    return render_template("citizen/privacy.html")


@kept
@requires(Permission.VIEW_PUBLIC)
def accessibility() -> ResponseReturnValue:
    """Say what was done so that everybody can use the pages, and what is wanting (无障碍声明)."""
    return render_template("citizen/accessibility.html")
