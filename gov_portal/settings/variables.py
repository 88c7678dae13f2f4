"""Say what a setting is: its variable, how it is read, what it means and what holds where it is not set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

_KEY = "variable"


@dataclass(frozen=True, slots=True)
class Variable:
    """Describe one variable of the environment.

    Attributes:
        name: of the variable.
        read: turns its text into the value; raises ``ValueError`` in words.
        means: a line of Markdown for the reference; links are relative to ``docs/reference``.
        default: the text that holds where it is not set or empty; ``None`` where it must be set.
        same_as: another variable whose text holds first where this one is not set.
        needed_by: another variable that, once set, demands this one.
        is_secret: its text may hold a password.
    """

    name: str
    read: Callable[[str], object]
    means: str
    default: str | None = ""
    same_as: str = ""
    needed_by: str = ""
    is_secret: bool = False

    def value(self, environ: Mapping[str, str]) -> object:
        """Return what the environment says.

        Raises:
            ValueError: it is missing or wrong.
        """
        text = environ.get(self.name) or environ.get(self.same_as) or self.default
        if text is None:
            raise ValueError("is missing")
        if not text and environ.get(self.needed_by):
            raise ValueError(f"is missing, since {self.needed_by} is set")
        return self.read(text)

    def field(self) -> Any:  # noqa: ANN401 - of the type that its class declares
        """Declare a field of the settings; what may hold a secret is not shown with them."""
        shown, metadata, default = not self.is_secret, {_KEY: self}, self.default
        if default is None:
            return field(repr=shown, metadata=metadata)
        return field(default_factory=lambda: self.read(default), repr=shown, metadata=metadata)

    @property
    def row(self) -> str:
        """Return the line of the reference."""
        code = self.same_as or self.default
        default = "must be set" if code is None else f"`{code}`" if code else "none"
        return f"| `{self.name}` | {default} | {self.means} |"


def variable_of(metadata: Mapping[str, Any]) -> Variable:
    """Return what a field was declared with."""
    variable: Variable = metadata[_KEY]
    return variable
