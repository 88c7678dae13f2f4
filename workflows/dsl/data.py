"""Read the data of an item: groups and fields, ``let``, prefill, form pages, materials."""

from dataclasses import dataclass

from gov_portal.kernel.types import FieldType, TypeSpellingInvalid, parse_type
from workflows.domain.definition import Field, Location, Material, Page, PageField, Prefill
from workflows.domain.subject import ABOUT
from workflows.dsl import words
from workflows.dsl.agreement import Outside, check_members, compare
from workflows.dsl.expressions import check_expression
from workflows.dsl.findings import did_you_mean, nearest
from workflows.dsl.names import check_identifier, check_look_alikes
from workflows.dsl.scope import Checked, Scope
from workflows.dsl.shape import Reader, expect, scalars_of
from workflows.dsl.source import Entry, Node, Record, Scalar
from workflows.dsl.statics import BOOL, of_spelling

OWN_SOURCES = ("account", "appealed", ABOUT)
"""Sources of prefill that the platform itself has; no department is asked, so they have no key."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Hold one place that writes fields: which, where each name stands, under which conditions.

    Attributes:
        what: how messages call the writer.
        fields: path -> where it is named.
        whens: conditions of the writer as a whole.
        each_when: further conditions of single fields.
        at: where the writer stands.
        asks_if_absent: another source may fill in.
    """

    what: str
    fields: dict[str, Location]
    whens: tuple[Checked, ...]
    each_when: dict[str, Checked]
    at: Location
    asks_if_absent: bool = False
    key: tuple[str, Location] | None = None


def read_fields(file: Reader, scope: Scope) -> None:
    """Declare groups and fields."""
    record = file.mapping("data")
    for entry in record.entries if record else ():
        name, is_maybe = _declared(entry.key, scope, what="the group")
        if name in scope.groups:
            scope.report("E021", entry.key.at, f"the group `{name}` is declared twice", "make one group of them")
        scope.groups[name] = entry.key.at
        scope.blame.declare("group", name, entry.key.at)
        if is_maybe:
            scope.maybe_groups.add(name)
        body = expect(entry.value, Record, what=f"the group `{name}`", findings=scope.findings)
        for inner in body.entries if body else ():
            _field(name, is_maybe, inner, scope)
        if body is not None:
            pairs = ((e.key.text, e.key.at) for e in body.entries)
            check_look_alikes(pairs, what="the field", findings=scope.findings)
    check_look_alikes(scope.groups.items(), what="the group", findings=scope.findings)
    check_members(scope)


def _declared(key: Scalar, scope: Scope, *, what: str) -> tuple[str, bool]:
    is_maybe, name = _maybe(key, scope)
    shift = len(key.text) - len(name)
    bare = Scalar(name, name, is_plain=key.is_plain, at=Location(key.at.file, key.at.line, key.at.column + shift))
    check_identifier(bare, what=what, findings=scope.findings)
    return name, is_maybe


def _maybe(scalar: Scalar, scope: Scope) -> tuple[bool, str]:
    """Return whether a name or type is marked as ``maybe``, and what stands behind the mark."""
    text = scalar.text.strip()
    first, _, rest = text.partition(" ")
    if first == "maybe" and rest:
        return True, rest.strip()
    if rest and first.isalpha() and nearest(first, ["maybe"]) and "(" not in first:
        scope.report("E010", scalar.at, f"`{first}` is no word of the language", "did you mean `maybe`?")
        return True, rest.strip()
    return False, text


def _field(group: str, is_maybe: bool, entry: Entry, scope: Scope) -> None:
    name, maybe_key = _declared(entry.key, scope, what="the field")
    path = f"{group}.{name}"
    if path in scope.fields:
        scope.report("E021", entry.key.at, f"the field `{path}` is declared twice", "keep one of them")
    spelling = expect(entry.value, Scalar, what=f"the type of `{path}`", findings=scope.findings)
    if spelling is None:
        scope.is_uncertain = True
        return
    text = spelling.text.strip()
    maybe_type, bare = _maybe(spelling, scope)
    at = spelling.inside(len(text) - len(bare))
    field_type = _type(bare, path, at, scope=scope)
    if maybe_key or maybe_type:
        scope.own_maybe.add(path)
    scope.blame.declare("field", path, entry.key.at)
    scope.blame.declare("type", path, at)
    for member in of_spelling(field_type.name).members:
        scope.blame.declare(f"member:{path}", member, at)
    scope.fields[path] = Field(path, field_type, is_maybe or maybe_key or maybe_type, entry.key.at)


def _type(spelling: str, path: str, at: Location, *, scope: Scope) -> FieldType:
    try:
        found = parse_type(spelling)
    except TypeSpellingInvalid as error:
        scope.report("E110", at, error.reason.rstrip("."), error.remedy)
        scope.broken_types.add(path)
        return parse_type("text(40)") if "(" not in spelling else _nearest_type(spelling)
    for member in of_spelling(found.name).members:
        if member in ("label", "why", "hint", "any", "missing"):
            scope.report("E023", at, f"the member `{member}` is a word of the language", "choose another name")
    return found


def _nearest_type(spelling: str) -> FieldType:
    """Return a stand-in that keeps the members of an enum, so that one misspelt type is one finding."""
    inside = spelling.partition("(")[2].rpartition(")")[0]
    for attempt in (f"enum({inside})", f"int({inside})"):
        try:
            return parse_type(attempt)
        except TypeSpellingInvalid:
            continue
    return parse_type("text(40)")


def read_lets(file: Reader, scope: Scope) -> None:
    """Check the ``let`` expressions in order; each may use those above it."""
    record = file.mapping("let")
    for entry in record.entries if record else ():
        name = entry.key.text
        check_identifier(entry.key, what="the let", findings=scope.findings)
        if name in scope.groups or name in scope.directory.constants:
            scope.report("E021", entry.key.at, f"`{name}` already names something else", "choose another name")
        source = expect(entry.value, Scalar, what=f"`{name}`", findings=scope.findings)
        if source is None:
            continue
        scope.lets[name] = check_expression(source, scope)
        scope.blame.declare("let", name, entry.key.at)
    if record is not None:
        pairs = ((entry.key.text, entry.key.at) for entry in record.entries)
        check_look_alikes(pairs, what="the let", findings=scope.findings)


def condition(reader: Reader, key: str, scope: Scope) -> Checked | None:
    """Return the checked condition of a key, or ``None`` where there is none."""
    scalar = reader.scalar(key)
    return None if scalar is None else check_expression(scalar, scope, wants=BOOL)


def read_prefills(file: Reader, scope: Scope) -> list[tuple[Prefill, Placed]]:
    """Return what is taken from the account and from departments."""
    record = file.mapping("prefill")
    found: list[tuple[Prefill, Placed]] = []
    for entry in record.entries if record else ():
        body = expect(entry.value, Record, what=f"the prefill `{entry.key.text}`", findings=scope.findings)
        if body is None:
            scope.is_uncertain = True
            continue
        place = words.ACCOUNT if entry.key.text in OWN_SOURCES else words.PREFILL
        reader = Reader(body, place, at=entry.key.at, findings=scope.findings)
        found.append(_prefill(entry.key, reader, scope))
    return found


def _prefill(source: Scalar, reader: Reader, scope: Scope) -> tuple[Prefill, Placed]:
    if source.text == "account":
        types: dict[str, str] | None = dict(scope.directory.account)
        resource = "account"
    elif source.text == ABOUT:
        types, resource = about_types(source, scope), ABOUT
    else:
        known = scope.known(source, {**scope.directory.resources, "account": None}, code="E118", what="resource")
        resource = known or source.text
        types = dict(scope.directory.resources[resource]) if known and known != "account" else None
    gives = _gives(reader, resource, types, scope)
    when = condition(reader, "when", scope)
    asks = reader.word("absent", ("ask",)) == "ask" if reader.has("absent") else False
    key = reader.scalar("key")
    key_path = scope.field_path(key, what="`key`") if key else None
    if key is not None and key_path is not None and types is not None and "key" in types:
        compare(key_path, Outside(types.get("key", ""), f"the key of {resource}"), scope, at=key.at)
    purpose = reader.scalar("purpose")
    if purpose is not None:
        scope.known(purpose, dict.fromkeys(scope.directory.purposes), code="E118", what="purpose")
    prefill = Prefill(
        source=resource,
        gives=tuple(gives),
        at=source.at,
        key=key_path,
        purpose=purpose.text if purpose else None,
        when=when.expression if when else None,
        ask_if_absent=asks,
    )
    placed = Placed(
        f"the prefill `{resource}`",
        gives,
        (when,) if when else (),
        {},
        source.at,
        asks_if_absent=asks,
        key=(key_path, key.at) if key and key_path else None,
    )
    return prefill, placed


LICENCE_FACTS = {"number": "text(60)", "issued_on": "date", "valid_until": "date"}
"""What every licence tells beside the values printed on it."""


def about_types(source: Scalar, scope: Scope) -> dict[str, str]:
    """Return what the licence gives that a case is about, with the types."""
    if scope.about is None:
        scope.report("E118", source.at, "the item is about no licence that could give anything", "add `about: {…}`")
    return {**scope.directory.licence_fields.get(scope.about or "", {}), **LICENCE_FACTS}


def _gives(reader: Reader, resource: str, types: dict[str, str] | None, scope: Scope) -> dict[str, Location]:
    gives: dict[str, Location] = {}
    for scalar in reader.scalars("gives"):
        path = scope.field_path(scalar, what="`gives`")
        if path is None:
            continue
        gives[path] = scalar.at
        name = path.rpartition(".")[2]
        if types is None or scalar.text != path:
            continue
        if name not in types or name == "key":
            scope.report(
                "E118",
                scalar.at,
                f"`{resource}` does not give `{name}`",
                did_you_mean(name, [known for known in types if known != "key"]),
            )
        else:
            compare(path, Outside(types[name], f"`{name}` of {resource}"), scope, at=scalar.at)
    return gives


def read_pages(file: Reader, scope: Scope) -> list[tuple[Page, Placed]]:
    """Return the pages of the form, in order."""
    record = file.mapping("form")
    found: list[tuple[Page, Placed]] = []
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the page", findings=scope.findings, reserved=False)
        scope.pages[entry.key.text] = entry.key.at
        scope.blame.declare("page", entry.key.text, entry.key.at)
        found.append(_page(entry.key, entry.value, scope))
    return found


def _page(key: Scalar, node: Node, scope: Scope) -> tuple[Page, Placed]:
    when: Checked | None = None
    content: Node | None = node
    if isinstance(node, Record):
        reader = Reader(node, words.PAGE, at=key.at, findings=scope.findings)
        when = condition(reader, "when", scope)
        content = reader.record.get("fields")
    fields: list[PageField] = []
    places: dict[str, Location] = {}
    each_when: dict[str, Checked] = {}
    for item in _items(content, key, scope):
        path, at, condition_, is_optional = _page_field(item, scope)
        if path is None:
            continue
        if path in places:
            scope.report("E021", at, f"`{path}` stands twice on the page `{key.text}`", "keep one of them")
        places[path] = at
        scope.asked_at[path] = at
        if condition_ is not None:
            each_when[path] = condition_
        fields.append(PageField(path, condition_.expression if condition_ else None, is_optional))
    page = Page(key.text, tuple(fields), when.expression if when else None)
    return page, Placed(f"the page `{key.text}`", places, (when,) if when else (), each_when, key.at)


def _items(content: Node | None, key: Scalar, scope: Scope) -> tuple[Node, ...]:
    if content is None:
        scope.is_uncertain = True
        return ()
    if isinstance(content, Scalar | Record):
        scope.report("E013", content.at, f"the page `{key.text}` needs a list of fields", "write `[group.name, …]`")
        scope.is_uncertain = True
        return ()
    if not content.items:
        scope.report("E014", content.at, f"the page `{key.text}` is empty", "name its fields, or delete the page")
    return content.items


def _page_field(item: Node, scope: Scope) -> tuple[str | None, Location, Checked | None, bool]:
    if isinstance(item, Scalar):
        return scope.field_path(item, what="the form"), item.at, None, False
    record = expect(item, Record, what="a field of a form page", findings=scope.findings)
    if record is None:
        return None, item.at, None, False
    reader = Reader(record, words.PAGE_FIELD, at=record.at, findings=scope.findings)
    name = reader.scalar("field")
    path = scope.field_path(name, what="the form") if name else None
    is_optional = reader.flag("optional") if reader.has("optional") else False
    return path, name.at if name else item.at, condition(reader, "when", scope), is_optional


def read_materials(file: Reader, scope: Scope) -> list[tuple[Material, Checked | None]]:
    """Return the papers (材料) and where each comes from."""
    record = file.mapping("materials")
    found: list[tuple[Material, Checked | None]] = []
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the material", findings=scope.findings, reserved=False)
        scope.materials[entry.key.text] = entry.key.at
        body = expect(entry.value, Record, what=f"the material `{entry.key.text}`", findings=scope.findings)
        if body is None:
            continue
        reader = Reader(body, words.MATERIAL, at=entry.key.at, findings=scope.findings)
        when = condition(reader, "when", scope)
        found.append(
            (
                Material(
                    id=entry.key.text,
                    name=reader.text("name"),
                    source=_source(reader, scope),
                    upload_if_absent=reader.word("absent", ("upload",)) == "upload" if reader.has("absent") else False,
                    when=when.expression if when else None,
                ),
                when,
            )
        )
    return found


def _source(reader: Reader, scope: Scope) -> str:
    scalar = reader.scalar("from")
    if scalar is None or scalar.text == "upload":
        return "upload"
    text = scalar.text
    if text.startswith("licence(") and text.endswith(")"):
        kind = Scalar(text[8:-1].strip(), text[8:-1].strip(), is_plain=scalar.is_plain, at=scalar.inside(8))
        scope.known(kind, scope.directory.licences, code="E119", what="licence")
        return text
    known = {**scope.directory.resources, "upload": None, "licence(…)": None}
    scope.known(scalar, known, code="E118", what="resource")
    return text


def read_paths(reader: Reader, key: str, scope: Scope) -> dict[str, Location]:
    """Return the fields that a list names, each with its place."""
    node = reader.record.get(key)
    if node is None:
        return {}
    found: dict[str, Location] = {}
    for scalar in scalars_of(node, what=f"`{key}`", findings=scope.findings):
        path = scope.field_path(scalar, what=f"`{key}`")
        if path is not None:
            found[path] = scalar.at
    return found
