"""Read what may be issued, and by whom, from a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from gov_portal.kernel import yaml_files
from gov_portal.kernel.codes import credit_code
from gov_portal.kernel.codes.division import contains
from gov_portal.kernel.types import parse_type
from gov_portal.licences.domain import CardLine, Issuer, IssuerUnknown, KindField, LicenceKind, LicenceKindUnknown

_TYPE_SERIAL_DIGITS = 3


class KindsInvalid(ValueError):
    """Refuse a file of kinds; the message says where it is wrong."""


@dataclass(frozen=True)
class KindBook:
    """Hold the kinds of licences (证照目录) and the issuing authorities."""

    kinds: Mapping[str, LicenceKind]
    issuers: tuple[Issuer, ...]

    @classmethod
    def default(cls) -> "KindBook":
        """Return the kinds of the sandbox province."""
        return _shipped()

    @classmethod
    def read(cls, path: Path) -> "KindBook":
        """Read an operator's file.

        Raises:
            KindsInvalid: saying where it is wrong.
        """
        return _read(path.read_text(encoding="utf-8"))

    def kind(self, kind: str) -> LicenceKind:
        """Return one kind.

        Raises:
            LicenceKindUnknown: if there is none of that id.
        """
        if kind not in self.kinds:
            raise LicenceKindUnknown(kind=kind)
        return self.kinds[kind]

    def issuer(self, org: str, region: str) -> Issuer:
        """Return the authority of a department that serves a division most closely.

        Raises:
            IssuerUnknown: if none does.
        """
        serving = [issuer for issuer in self.issuers if issuer.org == org and contains(issuer.region, region)]
        if not serving:
            raise IssuerUnknown(org=org, region=region)
        return max(serving, key=lambda issuer: len(issuer.region.rstrip("0")))


@cache
def _shipped() -> KindBook:
    return _read(files("gov_portal.licences").joinpath("data/kinds.yaml").read_text(encoding="utf-8"))


def _read(text: str) -> KindBook:
    try:
        raw = yaml_files.read(text)
        kinds = [_kind(entry) for entry in raw["kinds"]]
        issuers = tuple(Issuer(**entry) for entry in raw["issuers"])
    except (yaml_files.FileInvalid, KeyError, TypeError, ValueError) as error:
        raise KindsInvalid(f"{type(error).__name__}: {error}") from error
    _check(kinds, issuers)
    return KindBook({kind.id: kind for kind in kinds}, issuers)


def _kind(entry: Mapping[str, object]) -> LicenceKind:
    raw = dict(entry)
    fields, lines = _mappings(raw.pop("fields")), _mappings(raw.pop("card"))
    return LicenceKind(
        **raw,  # type: ignore[arg-type] # the constructor names what is missing or unknown
        fields=tuple(_field(field) for field in fields),
        lines=tuple(CardLine(**line) for line in lines),  # type: ignore[arg-type]
    )


def _field(raw: Mapping[str, object]) -> KindField:
    known = dict(raw)
    return KindField(
        name=str(known.pop("name")),
        type=parse_type(str(known.pop("type"))),
        is_optional=bool(known.pop("optional", False)),
        **known,  # type: ignore[arg-type]
    )


def _mappings(raw: object) -> list[Mapping[str, object]]:
    if not isinstance(raw, list) or not all(isinstance(entry, Mapping) for entry in raw):
        raise KindsInvalid("expected a list of mappings")
    return raw


def _check(kinds: list[LicenceKind], issuers: tuple[Issuer, ...]) -> None:
    _check_unique("id", [kind.id for kind in kinds])
    _check_unique("type_code", [kind.type_code for kind in kinds])
    for kind in kinds:
        names = {field.name for field in kind.fields}
        used = {line.of for line in kind.lines} | {kind.holder} | set(kind.registered.values())
        if unknown := used - names:
            raise KindsInvalid(f"{kind.id}: there is no field {', '.join(sorted(unknown))}")
        if not credit_code.is_valid(kind.type_code[:-_TYPE_SERIAL_DIGITS]):
            raise KindsInvalid(f"{kind.id}: type_code is no credit code with three digits behind it")
    for issuer in issuers:
        if not credit_code.is_valid(issuer.code):
            raise KindsInvalid(f"{issuer.name}: the code is no credit code")


def _check_unique(what: str, given: list[str]) -> None:
    repeated = {one for one in given if given.count(one) > 1}
    if repeated:
        raise KindsInvalid(f"more than one kind has the {what} {', '.join(sorted(repeated))}")
