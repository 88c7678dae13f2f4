"""Put off what takes long to import and few processes use."""

from functools import cached_property
from importlib import import_module
from typing import Any


class Late:
    """Stand for what a function of a module returns: the one is imported and the other called at the first use."""

    def __init__(self, place: str, *arguments: object) -> None:
        """Keep where it is, such as ``gov_portal.wiring.seals:sealer_of``, and what it is called with."""
        self._place = place
        self._arguments = arguments

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it is of whatever type the function returns
        """Return what the thing has under a name."""
        return getattr(self._thing, name)

    @cached_property
    def _thing(self) -> object:
        module, _, function = self._place.partition(":")
        return getattr(import_module(module), function)(*self._arguments)
