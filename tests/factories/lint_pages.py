"""Provide what stands beside the examples of the linter's pages: templates, a base item, parts of a bundle."""

import re
from pathlib import Path

from tests.factories.bundles import FOLDER, WHOLE, part_source

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "reference" / "lint").glob("[EW]*.md"))
BLOCKS = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "reference" / "language.md").read_text("utf-8"), re.DOTALL)
BASE = BLOCKS[0]
LABELS = next(block for block in BLOCKS if block.startswith("labels:"))
PHASES = ("receipt", "acceptance", "review", "decision", "issuance", "delivery")
BUNDLED = ("E518", "E850", "E851", "E852", "E853", "E854", "E855", "E856", "E857", "E858")

LOOK = """gov: 1
template: demo/look@{version}
name: 查看
summary: 看一眼
parameters:
  by:    {{type: role, about: 谁看}}
  limit: {{type: duration, default: 1wd, about: 时限}}
steps:
- $step: {{by: $by, limit: ${limit}, act: {{ok: {{label: 已看}}}}}}
"""
ROUND = "gov: 1\ntemplate: demo/round@1\nname: 圈\nabout: 圈\nsteps:\n- $step: {use: demo/round@1}\n"


def wide(version: int) -> str:
    """Return a template that uses the one before it many times."""
    inner = f"demo/wide@{version - 1}" if version > 1 else "demo/look@2"
    steps = "".join(f"- s{version}{chr(97 + n)}: {{use: {inner}, stay: x, with: {{by: $by}}}}\n" for n in range(20))
    head = f"gov: 1\ntemplate: demo/wide@{version}\nname: 宽\nabout: 宽\n"
    return f"{head}parameters:\n  by: {{type: role, about: 谁看}}\nsteps:\n{steps}"


TEMPLATES = {
    "look@1": LOOK.format(version=1, limit="limit"),
    "look@2": LOOK.format(version=2, limit="limit"),
    "broken@1": LOOK.format(version=1, limit="lmit").replace("demo/look@1", "demo/broken@1"),
    "round@1": ROUND,
    "bench@1": f"{BASE}overridable: [item.limit.promised]\n",
    **{f"wide@{version}": wide(version) for version in range(1, 7)},
}


def write_beside(folder: Path) -> None:
    """Write templates and items beside an example."""
    shelf = folder / "templates" / "demo"
    shelf.mkdir(parents=True)
    for name, text in TEMPLATES.items():
        (shelf / f"{name}.yaml").write_text(text, encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        if path.stem != "whole":
            (folder / path.name).write_text(path.read_text("utf-8"), encoding="utf-8")
    odd = part_source("third").replace("t.third", "t.odd").replace('"int(0..50)"', '"int(0..60)"')
    same = part_source("second").replace("t.second", "t.same").replace("code: text(20)}", "code: maybe text(20)}")
    same = same.replace("form:\n", "let:\n  large: len(firm.title) > 9\nform:\n", 1)
    same = same.replace("bank: [company.code", "bank: [{field: company.code, when: large}")
    (folder / "odd.yaml").write_text(odd, encoding="utf-8")
    (folder / "same.yaml").write_text(same, encoding="utf-8")


def whole(code: str, block: str) -> str:
    """Return a whole file: the language page's item, or the bundle, with an example's keys in place of its own."""
    if block.startswith("gov:") and "\nitem:" in block:
        return block
    found = keys(WHOLE if code in BUNDLED else BASE, 0)
    for name, part in keys(block, 0).items():
        head, _, body = part.partition("\n")
        old_head, _, old_body = found.get(name, "").partition("\n")
        is_new = head != f"{name}:" or old_head != head or body.startswith(("- ", "  - "))
        if is_new or (name == "flow" and "receipt:" in body):
            found[name] = part
        else:
            inner = keys(old_body, 2) | keys(body, 2)
            order = [one for one in PHASES if one in inner] if name == "flow" else list(inner)
            found[name] = f"{head}\n{''.join(inner[one] for one in order)}"
    return "".join(found.values())


def keys(text: str, indent: int) -> dict[str, str]:
    """Return the part of a text that belongs to every key of one indentation."""
    parts = re.split(rf"^(?= {{{indent}}}[^\s#-])", text, flags=re.MULTILINE)
    return {part.partition(":")[0].strip(): part for part in parts if part.strip()}
