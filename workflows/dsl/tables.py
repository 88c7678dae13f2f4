"""Read decision tables (决策表)."""

from collections.abc import Mapping, Sequence

from workflows.domain.definition import LIMIT, Field, Location, Table, Unit
from workflows.dsl import words
from workflows.dsl.findings import did_you_mean
from workflows.dsl.names import check_identifier
from workflows.dsl.scalars import resolve
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader, duration_of, expect
from workflows.dsl.source import Listing, Node, Record, Scalar
from workflows.dsl.statics import Static, of_field
from workflows.dsl.values import field_value, node_value

Cell = tuple[object, ...]
HITS = ("unique", "first", "collect")


class ReadTable:
    """Hold a table with the places of its names and rows."""

    def __init__(
        self, table: Table, *, inputs: dict[str, Location], outputs: dict[str, Location], rows: list[Location]
    ) -> None:
        """Keep table and places."""
        self.is_whole = True
        self.table = table
        self.inputs = inputs
        self.outputs = outputs
        self.rows = rows


def read_tables(file: Reader, scope: Scope) -> dict[str, ReadTable]:
    """Return every table by id."""
    record = file.mapping("tables")
    found: dict[str, ReadTable] = {}
    for entry in record.entries if record else ():
        check_identifier(entry.key, what="the table", findings=scope.findings, reserved=False)
        scope.tables[entry.key.text] = entry.key.at
        scope.blame.declare("table", entry.key.text, entry.key.at)
        body = expect(entry.value, Record, what=f"the table `{entry.key.text}`", findings=scope.findings)
        if body is None:
            scope.is_uncertain = True
            continue
        reader = Reader(body, words.TABLE, at=entry.key.at, findings=scope.findings)
        found[entry.key.text] = _table(entry.key, reader, scope)
    return found


def _table(key: Scalar, reader: Reader, scope: Scope) -> ReadTable:
    inputs, outputs = _columns(reader, "in", scope), _columns(reader, "out", scope)
    hit = reader.word("hit", HITS)
    if LIMIT in outputs and len(outputs) > 1:
        reader.report("E121", outputs[LIMIT], "a table gives a duration or values, not both", "make two tables of it")
    if hit == "collect":
        _check_collected(outputs, scope)
    rows: list[tuple[tuple[Cell, ...], tuple[object, ...]]] = []
    places: list[Location] = []
    is_whole = True
    listing = reader.listing("rows")
    for node in listing.items if listing else ():
        row = _row(node, list(inputs), list(outputs), scope, hit=hit)
        if row is not None:
            rows.append(row)
            places.append(node.at)
        is_whole = is_whole and row is not None and None not in [cell[-1] for cell in row[0] if cell[0] == "is"]
    if listing is not None and not listing.items:
        reader.report("E014", listing.at, "the table has no rows", "add one row for every case")
    table = Table(key.text, tuple(inputs), tuple(outputs), hit, tuple(rows), key.at)
    read = ReadTable(table, inputs=inputs, outputs=outputs, rows=places)
    read.is_whole = is_whole
    return read


def _columns(reader: Reader, key: str, scope: Scope) -> dict[str, Location]:
    found: dict[str, Location] = {}
    for scalar in reader.scalars(key, single=True):
        if key == "out" and scalar.text == LIMIT:
            found[LIMIT] = scalar.at
            continue
        path = scope.field_path(scalar, what=f"`{key}` of the table")
        if path is not None:
            found[path] = scalar.at
    return found


def _row(
    node: Node, inputs: Sequence[str], outputs: Sequence[str], scope: Scope, *, hit: str
) -> tuple[tuple[Cell, ...], tuple[object, ...]] | None:
    listing = expect(node, Listing, what="a row", findings=scope.findings)
    if listing is None:
        return None
    wanted = len(inputs) + len(outputs)
    if len(listing.items) != wanted:
        scope.report(
            "E121",
            listing.at,
            f"this row has {len(listing.items)} cells, but the table has {wanted} columns",
            f"give {len(inputs)} of `in` and {len(outputs)} of `out`",
        )
        return None
    cells = tuple(_cell(item, scope.fields[path], scope) for item, path in zip(listing.items, inputs, strict=False))
    results = tuple(
        _span(item, scope) if path == LIMIT else _output(item, scope.fields[path], scope, hit=hit)
        for item, path in zip(listing.items[len(inputs) :], outputs, strict=True)
    )
    return cells, results


def _check_collected(outputs: Mapping[str, Location], scope: Scope) -> None:
    for path, at in outputs.items():
        if path == LIMIT or of_field(scope.fields[path].type).kind != "list":
            scope.report(
                "E121",
                at,
                f"`collect` gives what every row says that holds, but `{path}` is no list",
                "declare it as `list(enum(…))`, or write `hit: first`",
            )


def _span(node: Node, scope: Scope) -> object:
    scalar = expect(node, Scalar, what=f"`{LIMIT}`", findings=scope.findings)
    if scalar is None:
        return None
    return duration_of(scalar, what=f"`{LIMIT}`", units=tuple(Unit), findings=scope.findings)


def _output(node: Node, declared: Field, scope: Scope, *, hit: str) -> object:
    if of_field(declared.type).kind == "list":
        if isinstance(node, Listing):
            return node_value(node, declared, scope, code="E121")
        member = expect(node, Scalar, what=f"a value of `{declared.path}`", findings=scope.findings)
        members = of_field(declared.type).members
        found = scope.member(member.text, declared.path, members, at=member.at) if member else None
        return found if hit == "collect" or found is None else (found,)
    scalar = expect(node, Scalar, what=f"the value of `{declared.path}`", findings=scope.findings)
    return None if scalar is None else field_value(scalar, declared, scope, code="E121")


def _cell(node: Node, declared: Field, scope: Scope) -> Cell:
    if isinstance(node, Listing):
        members = [item for item in node.items if isinstance(item, Scalar)]
        if len(members) != len(node.items) or not members:
            scope.report("E121", node.at, "a list in a cell holds values", "write `[a, b]`")
        return ("in", tuple(field_value(item, declared, scope, code="E121") for item in members))
    scalar = expect(node, Scalar, what="a cell", findings=scope.findings)
    if scalar is None:
        return ("any",)
    if scalar.text == "any" or declared.path in scope.broken_types:
        return ("any",)
    if scalar.text == "missing":
        if not declared.is_maybe:
            scope.report(
                "E121", scalar.at, f"`{declared.path}` is never missing", "declare it as `maybe`, or take the row out"
            )
        return ("missing",)
    static = of_field(declared.type)
    if ".." in scalar.text and (static.is_number or static.kind == "date"):
        return _range(scalar, declared, static, scope)
    return ("is", field_value(scalar, declared, scope, code="E121"))


def _range(scalar: Scalar, declared: Field, static: Static, scope: Scope) -> Cell:
    low_text, _, high_text = (part.strip() for part in scalar.text.partition(".."))
    bounds: list[object] = []
    for text in (low_text, high_text):
        part = Scalar(text, resolve(text), is_plain=True, at=scalar.at)
        bounds.append(field_value(part, declared, scope, code="E121") if text else None)
    low, high = bounds
    if (low_text and low is None) or (high_text and high is None):
        return ("is", None)
    if low is None and high is None:
        scope.report(
            "E121", scalar.at, f"`{scalar.text}` is no range", did_you_mean(scalar.text, ["1..2", "..2", "1.."])
        )
    elif low is not None and high is not None and not low <= high:  # type: ignore[operator]
        scope.report("E121", scalar.at, f"the range `{scalar.text}` is empty", "write the smaller bound first")
    return ("range", low, high)
