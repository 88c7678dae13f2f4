"""Write the beginning of an item on a template: what has to be filled in, with what it is for."""

from workflows.dsl.findings import Findings
from workflows.dsl.reuse.library import Library, Shelved
from workflows.dsl.reuse.parameters import Parameter, read_parameters, wants
from workflows.dsl.source import Record, Scalar
from workflows.dsl.words import ITEM_TYPES, LEVELS

_ITEM = """gov: 1
# {about}
# 带 … 的地方请填写；改完运行 gov items lint 和 gov items scenarios。
item:
  id: {id}
  version: 1
  name: …                                  # 事项名称
  type: {types[0]}                         # {types_listed}
  level: 县级                              # {levels_listed}
  authority: …                             # 实施部门，如 dept.civil
  basis: […]                               # 设定依据
  audience: [natural]                      # natural 自然人，legal 法人
  channels: [mobile, web, counter]
  mode: {mode}
  limit: {{statutory: 20wd, promised: 15wd}} # 法定时限、承诺时限
  visits: 0                                # 到现场次数
  fee: nothing
before: {{fields: 0, paper: 0, visits: 0, days: 20wd}} # 改革前：填几项、交几份纸、跑几次、等几天
data:                                      # 每个数据只声明一次
  applicant: {{name: text(40), id_no: cn_id, region: region}}
  # matter: {{place: text(60)}}
prefill:                                   # 账户和部门已经知道的，不再问
  account:       {{gives: [applicant.name, applicant.id_no]}}
  police.person: {{key: applicant.id_no, gives: [applicant.region]}}
form: {{}}                                   # 申请表，如 basic: [matter.place]
materials: {{}}                              # 材料，如 photo: {{name: 现场照片, from: upload}}
"""
_LABELS = """labels:
  applicant.name: 姓名
  applicant.id_no: 公民身份号码
  applicant.region: 户籍所在地
"""


def scaffold(shelved: Shelved, item: str) -> str:
    """Return the text of a new item on a template, with a comment behind everything that has to be chosen."""
    about = " ".join(text for key in ("name", "summary") if (text := _text(shelved.record, key)))
    mode = _text(shelved.record, "item", "mode") or "promise"
    head = _ITEM.format(
        id=item,
        about=about,
        mode=mode,
        types=ITEM_TYPES,
        types_listed=" ".join(ITEM_TYPES),
        levels_listed=" ".join(LEVELS),
    )
    declared = shelved.record.get("parameters")
    parameters = read_parameters(declared if isinstance(declared, Record) else None, Findings())
    uses = "flow" in shelved.record
    pad = "    " if uses else "        "
    lines = [_parameter(one, pad) for one in parameters.values()]
    flow = "flow:\n  use: {0}\n  with:\n" if uses else "flow:\n  review:\n  - step:\n      use: {0}\n      with:\n"
    return head + flow.format(shelved.reference) + "".join(lines) + _LABELS


def starters(library: Library) -> tuple[str, ...]:
    """Return the newest version of every template that is a whole flow."""
    newest = {one.name: one for one in library.references}
    found = (library.find(one) for one in newest.values())
    return tuple(str(one.reference) for one in found if one is not None and {"template", "flow"} <= _keys(one.record))


def _keys(record: Record) -> set[str]:
    return {entry.key.text for entry in record.entries}


def _parameter(one: Parameter, pad: str) -> str:
    mark = "" if one.is_required else "# "
    default = one.default.text if isinstance(one.default, Scalar) else "…"
    why = one.about or wants(one.kind)
    return f"{pad}{mark}{one.name}: {default}".ljust(43) + f"# {why}（{one.kind}）\n"


def _text(record: Record, *keys: str) -> str:
    node = record.get(keys[0])
    if len(keys) > 1:
        return _text(node, *keys[1:]) if isinstance(node, Record) else ""
    return node.text if isinstance(node, Scalar) else ""
