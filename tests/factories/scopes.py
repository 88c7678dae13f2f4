"""Read the data of a small file, so that expressions can be checked against them."""

from workflows.domain.definition import Location
from workflows.dsl.data import read_fields, read_lets
from workflows.dsl.directory import default_directory
from workflows.dsl.findings import Findings
from workflows.dsl.scope import Scope
from workflows.dsl.shape import Reader
from workflows.dsl.source import Record, load
from workflows.dsl.words import Place

DATA = """
data:
  a: {name: text(40), born: date, level: "int(0..4)", kind: "enum(x,y,z)", sure: bool, fee: money, size: "decimal(8,2)",
      home: region, tags: "list(enum(p,q))"}
  maybe b: {name: text(40), note: maybe text(40)}
let: {young: years(a.born) < 18}
"""


def a_scope() -> Scope:
    findings = Findings()
    record = load(DATA, file="t", findings=findings)
    assert isinstance(record, Record)
    scope = Scope(default_directory(), findings)
    reader = Reader(record, Place("the file", optional=("data", "let")), at=Location("t", 1, 1), findings=findings)
    read_fields(reader, scope)
    read_lets(reader, scope)
    return scope
