"""Decide whether a name that does not exist was misspelt where it is used or where it is declared."""

from collections import defaultdict
from dataclasses import dataclass, field

from workflows.domain.definition import Location
from workflows.dsl.findings import Finding, Findings


@dataclass(frozen=True, slots=True)
class Unresolved:
    """Hold one use of a name that is not declared.

    Attributes:
        space: kind of name: ``field``, ``group``, ``role``, …, ``act:<step>``, ``member:<field>``.
        name: as used.
        guess: declared name that was probably meant.
        finding: what is reported at the use.
    """

    space: str
    name: str
    guess: str | None
    finding: Finding


@dataclass
class Blame:
    """Gather declarations, uses and unresolved names of one file, and settle them at its end."""

    declared: dict[tuple[str, str], Location] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)
    unresolved: list[Unresolved] = field(default_factory=list)
    clashes: dict[str, list[Finding]] = field(default_factory=dict)
    agreements: set[str] = field(default_factory=set)

    def clash(self, path: str, finding: Finding) -> None:
        """Remember a place that needs a field to be of another type than it is declared."""
        self.clashes.setdefault(path, []).append(finding)

    def agree(self, path: str) -> None:
        """Remember that a place outside the file knows the field by the type that it is declared with."""
        self.agreements.add(path)

    def declare(self, space: str, name: str, at: Location) -> None:
        """Remember where a name is declared."""
        self.declared.setdefault((space, name), at)

    def use(self, space: str, name: str) -> None:
        """Remember that a declared name is used."""
        self.used.add((space, name))

    def settle(self, findings: Findings) -> None:
        """Report every unresolved name.

        A declared name that nothing uses, while another that looks like it is used in several places, is the
        misspelt one: it alone is reported. Where only one place uses the other, both are.
        """
        self._settle_missing_fields(findings)
        groups: dict[tuple[str, str], list[Unresolved]] = defaultdict(list)
        for one in self.unresolved:
            key = (one.space, one.guess or "")
            if one.guess is None or key in self.used or key not in self.declared:
                _report(one.finding, findings)
            else:
                groups[key].append(one)
        for path, clashes in self.clashes.items():
            self._settle_type(path, clashes, findings=findings)
        for (space, guess), uses in groups.items():
            self._settle_group(space, guess, uses, findings=findings)

    def _settle_missing_fields(self, findings: Findings) -> None:
        """Point at the group as well, where several lines name a field that it does not have."""
        lines: dict[str, set[int]] = defaultdict(set)
        for one in self.unresolved:
            if one.space == "field" and one.guess is None:
                lines[one.name].add(one.finding.at.line)
        for path, used in lines.items():
            group, _, name = path.partition(".")
            at = self.declared.get(("group", group))
            if at is not None and len(used) > 1:
                shown = ", ".join(str(line) for line in sorted(used))
                message = f"the group `{group}` has no field `{name}`, but line {shown} name it"
                findings.report("E111", at=at, message=message, remedy=f"declare `{name}: <type>` here")

    def _settle_type(self, path: str, clashes: list[Finding], *, findings: Findings) -> None:
        """Blame the type of a field where nothing agrees with it, else the places that do not."""
        at = self.declared.get(("type", path))
        is_alone = path not in self.agreements and at is not None
        if not is_alone or len(clashes) == 1:
            for clash in clashes:
                _report(clash, findings)
        if is_alone and at is not None:
            first = clashes[0]
            lines = ", ".join(str(line) for line in sorted({clash.at.line for clash in clashes}))
            message = f"the type of `{path}` does not fit line {lines}: {first.message}"
            findings.report(first.code, at=at, message=message, remedy=first.remedy)

    def _settle_group(self, space: str, guess: str, uses: list[Unresolved], *, findings: Findings) -> None:
        names = {one.name for one in uses}
        lines = sorted({one.finding.at.line for one in uses})
        if len(names) > 1 or len(lines) == 1:
            for one in uses:
                _report(one.finding, findings)
        if len(names) == 1:
            name = uses[0].name
            shown = ", ".join(str(line) for line in lines[:6]) + (", …" if len(lines) > 6 else "")
            findings.report(
                uses[0].finding.code,
                at=self.declared[space, guess],
                message=f"`{guess}` is declared here, but `{name}` is what line {shown} names",
                remedy=f"did you mean `{name}`?",
            )


def _report(finding: Finding, findings: Findings) -> None:
    findings.report(finding.code, at=finding.at, message=finding.message, remedy=finding.remedy)
