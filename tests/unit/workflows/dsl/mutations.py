"""Kinds of one-line fault that any hand-written item may be given; each is caught at its line, under one of its codes.

Run as a program it tries every kind at every place of every item: ``python -m tests.unit.workflows.dsl.mutations``.
"""

import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from workflows.dsl.lint import item_paths, lint_as

ITEMS = item_paths(Path(__file__).resolve().parents[4] / "workflows" / "items")
Sections = tuple[str, ...]
SECTION = re.compile(r"([a-z_]+):")
NOWHERE = "zzq"
"""A name that no item has, and none that looks like one."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Hold one kind: what it edits on a line of some sections, and what it becomes.

    Attributes:
        codes: one of these is reported at the line.
        where: top-level keys under which it looks; nothing means all but labels and scenarios.
        needs: what must stand in the item as well, so that the edit is a fault.
        unless: what must not stand on the line.
    """

    name: str
    codes: str
    find: str
    become: str | Callable[[re.Match[str], str], str | None]
    where: Sections = ()
    needs: str = ""
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Mutant:
    """Hold one edited item and the line that was edited."""

    text: str
    line: int
    became: str


def mutants(kind: Kind, source: str) -> Iterator[Mutant]:
    """Yield the item with the fault at each of its places, one at a time."""
    if kind.needs and not re.search(kind.needs, source, re.MULTILINE):
        return
    lines = source.split("\n")
    section = ""
    for number, line in enumerate(lines):
        found = SECTION.match(line)
        section = found[1] if found else section
        is_there = section in kind.where if kind.where else section not in ("labels", "scenarios")
        bare = line.partition(" #")[0]
        if not is_there or not bare.strip() or bare.lstrip().startswith("#"):
            continue
        if kind.unless and re.search(kind.unless, bare):
            continue
        for match in re.finditer(kind.find, bare):
            new = kind.become(match, source) if callable(kind.become) else match.expand(kind.become)
            if new is not None and new != match[0]:
                became = line[: match.start()] + new + line[match.end() :]
                yield Mutant("\n".join([*lines[:number], became, *lines[number + 1 :]]), number + 1, became)


def missed(kind: Kind, mutant: Mutant, path: Path) -> str | None:
    """Return why a fault was not caught as it should be, or ``None``."""
    report = lint_as(path, mutant.text)
    found = [(finding.at.line, finding.code) for finding in report.errors]
    if any(line == mutant.line and code in kind.codes.split() for line, code in found):
        return None
    said = ", ".join(f"{line} {code}" for line, code in found[:6]) or "nothing"
    return f"{kind.name}: {path.name}:{mutant.line}: {mutant.became.strip()[:110]} gave {said}"


def dropped(match: re.Match[str], source: str) -> str:
    """Return a word without its second letter."""
    return match[0][:1] + match[0][2:] if len(match[0]) > 3 else match[0] + match[0][-1]


def another_step(match: re.Match[str], source: str) -> str | None:
    """Return the step with the id of the first step of the item."""
    first = re.search(r"^ +- ([a-z]\w*): ?(\{|$)", source[source.index("\nflow:") :], re.MULTILINE)
    return f"{match[1]}{first[1]}:" if first and first[1] != match[2] else None


def last_step(match: re.Match[str], source: str) -> str | None:
    """Return a return to the last step of the flow."""
    flow = source[source.index("\nflow:") :].split("\n\n")[0]
    ends = re.findall(r"^  - ([a-z]\w*): \{end:", flow, re.MULTILINE)
    return f"back: {ends[-1]}" if ends else None


def with_remedies(word: str) -> Callable[[re.Match[str], str], str | None]:
    """Return an edit that names an outcome with remedies."""

    def edit(match: re.Match[str], source: str) -> str | None:
        refusal = re.search(r"^  (\w+): +\{closing: [^,}]+, remedies:", source, re.MULTILINE)
        return f"{word}: {refusal[1]}" if refusal else None

    return edit


ITEM: Sections = ("item",)
FLOW: Sections = ("flow",)
DATA: Sections = ("data",)
TABLES: Sections = ("tables",)
RUNS: Sections = ("scenarios",)
EXPRESSIONS: Sections = ("let", "conditions", "form", "prefill", "materials", "flow")

KINDS = (
    # The file itself
    Kind("tab", "E004", r"^  (?=\w)", "\t"),
    Kind("tab behind a key", "E004", r"(?<=\w): (?=\w)", ":\t", ITEM),
    Kind("no-break space", "E004", r"(?<=\w): (?=\w)", ":\u00a0", ITEM),
    Kind("zero-width space", "E004", r"(?<=[a-z])(?=[a-z]+:)", "\u200b", ITEM),
    Kind("right-to-left override", "E004", r"(?<=name: )", "\u202e", ITEM),
    Kind("anchor", "E002", r"(?<=^  fee: )", "&x "),
    Kind("alias", "E002", r"(?<=^  visits: )\S+", "*x"),
    Kind("tag", "E002", r"(?<=^  visits: )", "!!str "),
    Kind("yes", "E003", r"(?<=: )true(?=[,}]|$)", "yes", FLOW),
    Kind("capital True", "E003", r"(?<=: )true(?=[,}]|$)", "True", FLOW),
    Kind("bare date", "E003", r'"(\d{4}-\d\d-\d\d)"', r"\1", RUNS),
    Kind("octal", "E003", r"(?<=^  version: )(?=\d)", "0"),
    Kind("sexagesimal", "E003", r"(?<=^  name: ).*$", "12:30"),
    Kind("merge key", "E003", r"^  fee:", "  <<:"),
    Kind("duplicate key in brackets", "E005", r"\{(\w+): ([^,{}\[\]]+), ", r"{\1: \2, \1: \2, ", ("outcomes", "roles")),
    Kind("duplicate key", "E005", r"^  visits:", "  level:", needs="^  level:"),
    Kind("no value", "E006", r"(?<=^  visits:) \S+", "", ITEM),
    Kind("no colon", "E001", r"(?<=^  level):", "", ITEM),
    Kind("full-width colon", "E001", r"(?<=^  mode): ", "：", ITEM),
    Kind("open bracket", "E001", r"(?<=^  audience: )(\[[^\]]*)\]$", r"\1"),
    Kind("open brace", "E001", r"(?<=^  limit: )(\{[^}]*)\}$", r"\1"),
    Kind("open quote", "E001", r'("enum\([^")]*\))"', r"\1", DATA),
    Kind("indented too far", "E001", r"^  (?=visits:)", "   ", ITEM),
    # Words and shapes
    Kind("misspelt top key", "E010", r"^(prefill|outcomes|roles|flow|data)(?=:)", dropped),
    Kind("misspelt item key", "E010", r"(?<=^  )(version|authority|audience|channels|visits)(?=:)", dropped),
    Kind("misspelt step key", "E010 E824", r"\b(limit|show|fill|deemed)(?=: )", dropped, FLOW),
    Kind("misspelt act key", "E010", r"\blabel(?=: )", "lable", FLOW),
    Kind("misspelt phase", "E010", r"(?<=^  )(acceptance|review|decision|issuance|delivery)(?=:$)", dropped, FLOW),
    Kind("misspelt assurance", "E010", r"\bial(?=:)", "iall", ITEM),
    Kind("misplaced key", "E011", r"^  mode(?=:)", "  near", ITEM),
    Kind("missing closing", "E012", r"\{closing: [^,}]+, ", "{", ("outcomes",)),
    Kind("missing text", "E012", r", text: [^,}]+", "", ("conditions",)),
    Kind("list instead of a value", "E013", r"(?<=^  level: )(\S+)", r"[\1]", ITEM),
    Kind("value instead of a list", "E013", r"(?<=^  audience: )\[(\w+)[^\]]*\]", r"\1", ITEM),
    Kind("mapping instead of a value", "E013", r"(?<=^  mode: )(\w+)", r"{a: \1}", ITEM),
    Kind("version no number", "E014", r"(?<=^  version: )\d+", "three", ITEM),
    Kind("version quoted", "E014", r"(?<=^  version: )(\d+)", r'"\1"', ITEM),
    Kind("unknown type of item", "E014", r"(?<=^  type: )\S+", "公共服物", ITEM),
    Kind("unknown level", "E014", r"(?<=^  level: )\S+", "乡级", ITEM),
    Kind("unknown channel", "E014", r"(?<=^  channels: \[)\w+", "fax", ITEM),
    Kind("unknown audience", "E014 E857", r"(?<=^  audience: \[)\w+", "people", ITEM),
    Kind("unknown mode", "E014", r"(?<=^  mode: )\w+", "promis", ITEM),
    Kind("unknown closing", "E014", r"(?<=closing: )[^,}]+", "办节", ("outcomes",)),
    Kind("unknown remedy", "E014", r"(?<=remedies: \[)[^,\]]+", "申述", ("outcomes",)),
    Kind("unit", "E014", r"(?<=limit: )(\d+)wd", r"\1wk", FLOW),
    Kind("no unit", "E014", r"(?<=limit: )(\d+)wd", r"\1", FLOW),
    Kind("zero duration", "E014", r"(?<=limit: )\d+wd", "0wd", FLOW),
    Kind("spelled-out duration", "E014", r"(?<=limit: )(\d+)wd", r"\1 days", FLOW),
    Kind("assurance beyond", "E014", r"(?<=ial: )\d", "9", ITEM),
    Kind("version of the language", "E014", r"^gov: 1", "gov: 2"),
    Kind("fewer than no visits", "E014", r"(?<=^  visits: )\d+", "-1", ITEM),
    Kind("code too short", "E126", r"(?<=^  code: )\d{12}$", "4721", ITEM),
    Kind("code of no province", "E126", r"(?<=^  code: )47(?=\d{10}$)", "99", ITEM),
    Kind("code of another type", "E127", r"(?<=^  code: 47)\d\d", "06", ITEM),
    Kind("code of another level", "E127", r"(?<=^  code: )(\d{12})$", r"11440100007482575H6\1", ITEM),
    Kind("wrong credit code", "E126", r"(?<=^  code: )(\d{12})$", r"11440100007482575K3\1", ITEM),
    Kind("empty list", "E014", r"(?<=^  channels: )\[[^\]]*\]", "[]", ITEM),
    Kind("empty label", "E014", r"(?<=label: )[^,}]+", '""', FLOW),
    Kind("acting for nobody known", "E014", r"(?<=acting_for: \[)\w+", "selves", ITEM),
    Kind("percent without sign", "E014", r"(?<=yellow: )(\d+)%", r"\1", ("clock",)),
    Kind("yellow after red", "E014", r"(?<=yellow: )\d+%", "150%", ("clock",)),
    Kind("extension in hours", "E014", r"(?<=add: )(\d+)wd", r"\1h", ("anytime",)),
    Kind("phase twice", "E005 E016", r"^  (decision|delivery)(?=:$)", "  receipt", FLOW, needs=r"^  receipt:$"),
    Kind("non-ASCII step", "E020", r"^( +- )[a-z]\w*(?=: ?(\{|$))", r"\1步骤", FLOW),
    Kind("capital step", "E020", r"^( +- )[a-z]\w*(?=: ?(\{|$))", r"\1Step", FLOW),
    Kind("Cyrillic letter in a key", "E020", r"^  authority(?=:)", "  \u0430uthority", ITEM),
    Kind("duplicate step", "E021", r"^( +- )([a-z]\w*):(?= ?(\{|$))", another_step, FLOW),
    Kind("channel twice", "E021", r"(?<=^  channels: )\[(\w+)", r"[\1, \1", ITEM),
    Kind("keyword as a field", "E023", r"(?<=\{)\w+(?=: )", "class", DATA, unless="rows"),
    Kind("reserved member", "E023", r"(?<=enum\()\w+(?=,)", "missing", DATA),
    # Expressions
    Kind("expression cut off", "E101", r"(?<=only: )([\w.]+ [!=]= \w+)", r"\1 and", FLOW),
    Kind("single equals sign", "E101", r" == ", " = ", EXPRESSIONS),
    Kind("unequal of another language", "E101", r" != ", " <> ", EXPRESSIONS),
    Kind("double ampersand", "E101", r"(?<=\w) (and|or) (?=\w)", " && ", EXPRESSIONS),
    Kind("double bar", "E101", r"(?<=\w) or (?=\w)", " || ", EXPRESSIONS),
    Kind("attribute of Python", "E101", r"(?<=only: )[\w.]+(?= [!=]= \w)", "a.__class__.b", FLOW),
    Kind("lambda", "E101", r"(?<=only: )[\w.]+ [!=]= \w+(?=[,}])", '"lambda: 1"', FLOW),
    Kind("import", "E101 E105", r"(?<=only: )[\w.]+ [!=]= \w+(?=[,}])", "\"__import__('os')\"", FLOW),
    Kind("unknown function", "E105", r"\byears\(", "yaers(", EXPRESSIONS),
    Kind("too many values", "E105 E101", r"\byears\(([\w.]+)\)", r"years(\1, today, today)", EXPRESSIONS),
    Kind("date compared with a number", "E103", r"\byears\(([\w.]+)\)(?= [<>])", r"\1", EXPRESSIONS),
    Kind("number as a condition", "E103 E106", r"(?<=only: )[\w.]+ [!=]= \w+", "3", FLOW),
    Kind("unknown name", "E102", r"(?<=only: )[\w.]+ [!=]= \w+", NOWHERE, FLOW),
    Kind("unknown member", "E104", r"(?<=when: )(\w+\.\w+) == [a-z]\w*", rf"\1 == {NOWHERE}", ("form",)),
    # Names
    Kind("unknown type", "E110", r"(?<=: )(date|region|cn_id|file|image|bool)(?=[,}])", "datum", DATA),
    Kind("impossible length", "E110", r"\btext\(\d+\)", "text(-1)", DATA),
    Kind("unknown field in a form", "E111", r"(?<=: \[)(\w+)\.\w+", rf"\1.{NOWHERE}", ("form",)),
    Kind("unknown field that is shown", "E111", r"(?<=show: \[)(\w+)\.\w+", rf"\1.{NOWHERE}", FLOW),
    Kind("unknown role", "E112", r"(?<=\bby: )(?!applicant)[a-z]\w*(?=[,}]|$)", NOWHERE, FLOW),
    Kind("unknown page", "E113", r"(?<=form: \[)\w+", NOWHERE, FLOW),
    Kind("unknown table", "E114", r"(?<=\{decide: )\w+(?=[,}])", NOWHERE, FLOW),
    Kind("unknown deemed act", "E115", r"(?<=deemed: )\w+", NOWHERE, FLOW),
    Kind("unknown act at a tie", "E115", r"(?<=else: )\w+(?=\})", NOWHERE, FLOW),
    Kind("unknown over", "E115", r"(?<=over: )\w+", NOWHERE, FLOW),
    Kind("unknown return", "E116", r"(?<=back: )\w+", NOWHERE, FLOW),
    Kind("unknown step of withdraw", "E116", r"(?<=before: )\w+", NOWHERE, ("anytime",)),
    Kind("unknown step of silence", "E116", r"(?<=^  limit: )(\{[^}]*)\}", rf"\1, deemed: {NOWHERE}.ok}}", ITEM),
    Kind(
        "silence of a step without acts",
        "E519",
        r"(?<=^  limit: )(\{[^}]*)\}",
        r"\1, deemed: apply.ok}",
        ITEM,
        needs="^  - apply:",
    ),
    Kind("unknown step of distinct", "E116", r"(?<=^distinct: \[)\w+", NOWHERE, ("distinct",)),
    Kind("unknown outcome", "E117", r"(?<=\bend: )\w+", NOWHERE, FLOW),
    Kind(
        "unknown late outcome", "E117", r"(?<=within: )(\d+\w+, late): \w+", rf"\1: {NOWHERE}", FLOW, unless="message"
    ),
    Kind("unknown resource", "E118", r"(?<=\bcall: )[\w.]+", f"{NOWHERE}.{NOWHERE}", FLOW),
    Kind("unknown source", "E118", r"^  [a-z]+\.[a-z_]+(?=:)", f"  {NOWHERE}.{NOWHERE}", ("prefill",)),
    Kind("unknown purpose", "E118", r"(?<=purpose: )[\w-]+", NOWHERE, ("prefill",)),
    Kind("unknown licence", "E119", r"(?<=\{issue: )[\w-]+", NOWHERE, FLOW),
    Kind("licence value missing", "E119", r"(\{issue: .*from: \[)[\w.]+, ", r"\1", FLOW),
    Kind("unknown department", "E120", r"(?<=org: dept\.)\w+", NOWHERE, ("roles",)),
    Kind("unknown notice", "E120", r"(?<=doc: )[^,}]+", "某某书", FLOW),
    Kind("unknown calendar", "E120", r"(?<=calendar: )[\w-]+", NOWHERE, ("clock",)),
    Kind("unknown item to appeal to", "E120", r"(?<=opens: )[\w-]+", NOWHERE, ("anytime",)),
    Kind("row too long", "E121", r"(?<=\[)\[([^\[\]]+), (\w+)\](?=, \[|\])", r"[\1, \2, \2]", TABLES),
    Kind("unknown label", "E123", r"^  step\.\w+(?=:)", f"  step.{NOWHERE}", ("labels",)),
    Kind("scenario of an unknown step", "E116", r"(?<=run: \[)\w+", NOWHERE, RUNS),
    Kind("scenario of an unknown act", "E115", r"(?<=\w\.)ok\b", NOWHERE, RUNS),
    Kind("scenario of an unknown outcome", "E117", r"(?<=\boutcome: )\w+", NOWHERE, RUNS),
    # The flow and its limits
    Kind("declared and forgotten", "E206", r"(?<=[^{])\}$", f", {NOWHERE}: text(20)}}", DATA, unless="maybe rows"),
    Kind("gap in a table", "E301", r", \[[^\[\]]*\]\](?=\}$)", "]", TABLES, unless="out: limit|collect"),
    Kind("overlap in a table", "E302", r"(\[[^\[\]]*\])\](?=\}$)", r"\1, \1]", TABLES, unless="hit: (first|collect)"),
    Kind("return to a later step", "E501", r"(?<!\w)back: \w+", last_step, FLOW),
    Kind("unbounded return", "E502", r"(back: \w+), max: \d+(, over: \w+)?", r"\1", FLOW),
    Kind("more votes than voters", "E504", r"(?<=need: )\d+", "9", FLOW),
    Kind("no majority", "E504", r"(?<=of: )\d+(, need: )\d+", r"4\g<1>2", FLOW),
    Kind("refusal by lateness", "E505", r"(?<=, )late: \w+", with_remedies("late"), FLOW, unless="message"),
    Kind("refusal at the end of the flow", "E505", r"(?<=: \{)end: \w+", with_remedies("end"), FLOW, unless="label"),
    Kind("refusal by withdrawal", "E505", r"(?<=, )end: \w+", with_remedies("end"), ("anytime",)),
    Kind(
        "instant with officers",
        "E511",
        r"(?<=^  mode: )promise",
        "instant",
        needs=r"^ +by: (?!applicant)\w|\{by: (?!app)",
    ),
    Kind("promised more than the law allows", "E601", r"(?<=promised: )\d+\w+", "9999d", ITEM),
    Kind("pause without ground", "E602", r"(?<=pause: )[^{\s,}]+", "休息", FLOW),
    Kind("ground without basis", "E602", r"\{ground: ([^,}]+), basis: [^}]+\}", r"{ground: \1}", ("anytime", "flow")),
    Kind("no limit", "E603 E012", r"(\{by: (?!applicant)\w+), limit: \d+\w+", r"\1", FLOW, unless="objection|all:"),
    Kind("paper that a licence has", "E704", r"(?<=居民身份证,)( +)from: licence\(id-card\)", r"\1from: upload"),
    Kind("withdrawal by an officer", "E112", r"(?<=withdraw: )( *)\{by: applicant", r"\1{by: leader", ("anytime",)),
    Kind("answer slower than the step that waits", "E517", r"(?<=within: )\d+wd(?=, blocks)", "99wd", ("anytime",)),
    Kind("unknown act that waits for an answer", "E115", r"(?<=blocks: \[)(\w+)\.\w+", rf"\1.{NOWHERE}", ("anytime",)),
    Kind("unknown role to ask", "E112", r"(?<=, to: )\w+", NOWHERE, ("anytime",)),
    Kind("correction by a stranger", "E112", r"(?<=correct: )( *)\{by: \w+", rf"\1{{by: {NOWHERE}", ("anytime",)),
    Kind("correction by the applicant", "E112", r"(?<=correct: )( *)\{by: \w+", r"\1{by: applicant", ("anytime",)),
    Kind("urging by an officer", "E112", r"(?<=urge: )( *)\{by: applicant", r"\1{by: leader", ("anytime",)),
)

HARMLESS = (
    Kind("comment behind a line", "", r"(?<=^  visits: )(\d+)", r"\1  # 无须到场", ITEM),
    Kind("quotes around a text", "", r"(?<=^  name: )([^\"'].*)$", r'"\1"', ITEM),
    Kind("more spaces", "", r"(?<=^  level:) ", "    ", ITEM),
    Kind("another label", "", r"(?<=^  step\.\w{4}: )([^\s{].*)$", "另一个名字", ("labels",)),
    Kind("another version", "", r"(?<=^  version: )\d+", "99", ITEM),
    Kind("block text", "", r"^(  name): (.*)$", r"\1: >-\n    \2", ITEM),
)
"""Edits that are no faults: nothing is said about them."""


def main() -> int:
    """Try every kind at every place of every item; print what was missed, and counts and times."""
    began, tried, wrong = time.perf_counter(), 0, []
    for kind in KINDS:
        for path in ITEMS:
            for mutant in mutants(kind, path.read_text(encoding="utf-8")):
                tried += 1
                wrong += [reason] if (reason := missed(kind, mutant, path)) else []
    seconds = time.perf_counter() - began
    print("\n".join(wrong))
    print(f"{len(KINDS)} kinds, {tried} faults in {len(ITEMS)} items, {len(wrong)} missed; {seconds:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
