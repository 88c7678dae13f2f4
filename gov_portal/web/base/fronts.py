"""Share the pages of a case between fronts: whoever acts, the pages and their rules are the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import render_template, url_for

from gov_portal.kernel.principal import Citizen


@dataclass(frozen=True, slots=True)
class Front:
    """Hold what is a front's own in pages that several fronts have.

    Attributes:
        by: the person whose matter it is, at a counter by the officer's hand.
        folder: of the front's templates; one of the name of a shared page dresses that page, ``layout.html`` frames it.
        blueprint: whose addresses the pages lead to.
        values: what each of these addresses carries, such as the visit at a counter.
        door: where whoever types signs in again.
    """

    by: Citizen
    folder: str
    blueprint: str
    values: Mapping[str, object] = field(default_factory=dict)
    door: str = "citizen.sign_in"

    @property
    def layout(self) -> str:
        """Return the template that frames the pages."""
        return f"{self.folder}/layout.html"

    def url(self, page: str, /, **values: object) -> str:
        """Return the address of a page of this front."""
        return url_for(f"{self.blueprint}.{page}", **{**self.values, **values})  # type: ignore[arg-type]

    def render(self, template: str, **context: object) -> str:
        """Return a shared page as this front dresses it."""
        return render_template([f"{self.folder}/{template}", f"base/case/{template}"], front=self, **context)
