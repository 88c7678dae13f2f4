"""Run the evaluator of the browser beside that of the server, on one suite of cases."""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from workflows.domain.expressions import NOTHING, AbsentValue, Tree, compile_tree

ROOT = Path(__file__).resolve().parents[2]
SUITE = ROOT / "tests" / "unit" / "workflows" / "domain" / "conformance.json"
SCRIPT = ROOT / "gov_portal" / "web" / "base" / "static" / "rules.js"
NODE = shutil.which("node")
TODAY = "2026-03-02"

RUN = """(rules, cases) => cases.map(one => {
  const empty = { values: {}, lets: {}, today: rules.iso(one.today || '2026-03-02') };
  const at = { ...empty, values: {}, lets: {} };
  for (const kind of ['values', 'lets'])
    for (const path in one[kind] || {}) at[kind][path] = rules.value(one[kind][path], empty);
  const got = rules.value(one.tree, at);
  if (got === undefined) return one.is === null;
  return one.is !== null && rules.same(got, rules.value(one.is, empty));
})"""
"""Gives for each case whether the browser's evaluator comes to what the suite says."""

Case = Mapping[str, object]


def suite() -> list[Case]:
    return json.loads(SUITE.read_text(encoding="utf-8"))


def server_value(case: Case) -> object:
    """Return what the server makes of a case, ``None`` where it finds something absent."""
    known = {kind: {path: plain(tree) for path, tree in case.get(kind, {}).items()} for kind in ("values", "lets")}
    try:
        return run(case["tree"], known["values"], known["lets"], str(case.get("today", TODAY)))
    except AbsentValue:
        return None


def run(tree: Tree, values: Mapping[str, object], lets: Mapping[str, object], today: str) -> object:
    return compile_tree(tree)(values, date.fromisoformat(today), lets)


def plain(tree: Tree | None) -> object:
    """Return the value of a literal; a list of JSON is the tuple that fields of lists hold."""
    if tree is None:
        return None
    value = run(tree, NOTHING, NOTHING, TODAY)
    return tuple(value) if isinstance(value, list) else value


def node_agrees(cases: Sequence[Case]) -> list[bool]:
    """Return for each case whether the browser's evaluator agrees, by one run of node."""
    program = f"require({json.dumps(str(SCRIPT))}); const cases = JSON.parse(require('fs').readFileSync(0));"
    program += f"console.log(JSON.stringify(({RUN})(globalThis.rules, cases)))"
    done = subprocess.run(
        [str(NODE), "-e", program], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)
