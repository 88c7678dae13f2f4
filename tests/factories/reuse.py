"""Write small templates, items and overlays into a library of their own."""

from pathlib import Path

from workflows.dsl.reuse.library import Library

ITEM = """gov: 1
item:
  id: demo.bench
  version: 1
  name: 公园长椅认养
  type: 公共服务
  level: 县级
  authority: dept.cdpf
  basis: [公园管理办法]
  audience: [natural]
  channels: [web]
  mode: promise
  limit: {statutory: 20wd, promised: 10wd}
  visits: 0
  fee: nothing
outcomes:
  granted: {closing: 办结}
data:
  applicant: {name: text(40), id_no: cn_id, region: region}
  bench: {place: text(60)}
prefill:
  account: {gives: [applicant.name, applicant.id_no]}
  police.person: {key: applicant.id_no, gives: [applicant.region]}
form:
  basic: [bench.place]
roles:
  checker: {org: dept.cdpf, near: applicant.region}
"""
WRITTEN_OUT = """flow:
  receipt:
  - apply: {by: applicant, form: [basic]}
  decision:
  - check: {by: checker, limit: 5wd, show: [applicant.name, bench.place], act: {ok: {label: 同意}}}
  delivery:
  - done: {end: granted}
"""
TEMPLATE = """gov: 1
template: std/check@1
name: 核对
parameters:
  limit: {type: duration, default: 5wd}
  show: {type: list(field), about: 核对时看得到的字段}
  note: maybe text
flow:
  receipt:
  - apply: {by: applicant, form: [basic]}
  decision:
  - check: {by: checker, limit: $limit, show: $show, act: {ok: {label: 同意, doc: $note}}}
  delivery:
  - done: {end: granted}
"""
USE = """flow:
  use: std/check@1
  with:
    show: [applicant.name, bench.place]
"""


def a_library(folder: Path, **texts: str) -> Library:
    """Return a library of the given files, ``std_check_1`` for ``std/check@1``; by default the small template."""
    for name, text in ({"std_check_1": TEMPLATE} | texts).items():
        space, short, version = name.split("_")
        path = folder / space / f"{short}@{version}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Library((folder,))
