"""Turn what a person typed into typed values; every fault of a request is reported at once."""

from collections.abc import Collection, Iterable, Mapping

from gov_portal.kernel.errors import DomainError, Invalid, InvalidFields
from gov_portal.kernel.types import Fault, File, ValueRefused, is_blank
from workflows.domain.definition import Definition
from workflows.engine.refusals import FieldMissing
from workflows.sealing import MATERIALS
from workflows.services.errors import FieldNotAsked


class Inputs:
    """Collect typed values and faults of one request."""

    def __init__(self, definition: Definition) -> None:
        """Begin with nothing."""
        self._definition = definition
        self.values: dict[str, object] = {}
        self.faults: list[DomainError] = []

    def take(self, raw: Mapping[str, object], *, allowed: Collection[str]) -> None:
        """Parse every input; one that is not asked for is a fault, a blank is left out."""
        for path, given in raw.items():
            if path not in allowed:
                self.faults.append(FieldNotAsked(field=path))
            elif not is_blank(given):
                self._parse(path, given)

    def require(self, paths: Iterable[str]) -> None:
        """Note as missing what has no value and no fault yet."""
        known = {fault.field for fault in self.faults}
        for path in paths:
            if path not in known and path not in self.values:
                self.faults.append(ValueRefused(Fault.MISSING, field=path))

    def settle(self) -> dict[str, object]:
        """Return the values.

        Raises:
            InvalidFields: with every fault.
        """
        if self.faults:
            raise InvalidFields(self.faults)
        return self.values

    def files(self) -> dict[str, str]:
        """Return the file ids among the values, by path."""
        return {path: str(value) for path, value in self.values.items() if is_file(self._definition, path)}

    def _parse(self, path: str, given: object) -> None:
        declared = self._definition.fields.get(path)
        try:
            self.values[path] = File().parse(given) if declared is None else declared.type.parse(given)
        except Invalid as fault:
            fault.field = path if fault.field is None else fault.field
            self.faults.append(fault)


def is_file(definition: Definition, path: str) -> bool:
    """Tell whether the value of a path is the id of a file."""
    declared = definition.fields.get(path)
    if declared is None:
        return path.partition(".")[0] == MATERIALS
    return isinstance(declared.type, File)


def all_missing(refusal: FieldMissing) -> InvalidFields:
    """Return the engine's list of missing fields as faults of inputs."""
    return InvalidFields([ValueRefused(Fault.MISSING, field=path) for path in refusal.fields])
