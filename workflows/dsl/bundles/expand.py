"""Write out what an item is made of, and pin the version of every item that it opens, before it is compiled."""

from collections.abc import Callable

from workflows.domain.definition import Definition
from workflows.dsl import words
from workflows.dsl.bundles.members import Circumstances, Part, application_of, read_fields, read_parts
from workflows.dsl.bundles.merge import Merge
from workflows.dsl.bundles.nodes import Plain, node_of, with_entries, without
from workflows.dsl.bundles.proofs import check_parts
from workflows.dsl.reuse.trees import refilled, relisted
from workflows.dsl.shape import Reader
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar

LINK = "link"
FREE = "nothing"
_ON_REFUSED = ("go_on", "stop")


def write_out(file: Record, around: Circumstances) -> Record:
    """Return a file with its bundle and every opened item written out; one that opens nothing as it is."""
    link = file.get(LINK)
    if link is None:
        flow = file.get("flow")
        changed = None if flow is None else _steps(flow, lambda step: _pinned(step, file, around))
        return file if changed is None or changed is flow else with_entries(file, {"flow": changed})
    parts = read_parts(link, around)
    if not parts:
        return without(file, (LINK, "on_refused"))
    check_parts(parts, file, around)
    merge = Merge(file, parts, around)
    sections = merge.sections()
    written = with_entries(without(file, (LINK, "on_refused")), sections)
    flow = file.get("flow")
    if flow is None:
        return written
    found: list[Scalar] = []
    changed = _steps(flow, lambda step: _block(step, merge, found, around) or _pinned(step, written, around))
    if not found:
        at = file.entry(LINK)
        around.report(
            "E859", at.key.at if at else file.at, "no step opens the parts of `link`", "add `- parts: {open: link}`"
        )
    return with_entries(written, {"flow": _with_form(changed, sections.get("form"))})


def _steps(node: Node, change: Callable[[Entry], Node | None]) -> Node:
    """Return a flow with some steps changed; ``change`` returns the new body of a step, or ``None``."""
    match node:
        case Listing():
            return relisted(node, [_steps(item, change) for item in node.items])
        case Record():
            bodies = [change(entry) if isinstance(entry.value, Record) else None for entry in node.entries]
            pairs = zip(bodies, node.entries, strict=True)
            return refilled(node, [body or _steps(entry.value, change) for body, entry in pairs])
    return node


def _block(step: Entry, merge: Merge, found: list[Scalar], around: Circumstances) -> Node | None:
    """Return the parts side by side in place of `open: link`."""
    body = step.value
    opened = body.get("open") if isinstance(body, Record) else None
    if not isinstance(body, Record) or not isinstance(opened, Scalar) or opened.text != LINK:
        return None
    if found:
        around.report("E859", opened.at, "the parts are opened twice", "keep one step with `open: link`")
        return None
    found.append(opened)
    rest = without(body, ("open",))
    if rest.entries:
        odd = rest.entries[0].key
        around.report("E011", odd.at, f"`{odd.text}` does not belong beside `open: link`", "write it at a part")
    stops = _on_refused(merge.file, around) == "stop"
    branches = [node_of({part.name: _part_step(part, merge, stops=stops)}, part.at) for part in merge.parts]
    return node_of({"all": Listing(tuple(branches), step.key.at)}, step.key.at)


def _on_refused(file: Record, around: Circumstances) -> str:
    reader = Reader(file, words.FILE, at=file.at, findings=around.findings)
    return reader.word("on_refused", _ON_REFUSED) if reader.has("on_refused") else _ON_REFUSED[0]


def _part_step(part: Part, merge: Merge, *, stops: bool) -> Plain:
    takes: dict[str, Plain] = {path: path for path in part.shared}
    takes |= {theirs: path for theirs, (path, _) in part.takes.items()}
    opened = _opened(part.item, takes)
    papers: dict[str, Plain] = dict(merge.same_papers[part.name])
    opened |= {"papers": papers} if papers else {}
    opened |= {"gives": {path: theirs for path, (theirs, _) in part.gives.items()}} if part.gives else {}
    opened |= {"after": list(part.after)} if part.after else {}
    opened |= {"on_refused": "stop"} if stops else {}
    opened |= {"optional": True} if part.is_optional else {}
    step: dict[str, Plain] = {"open": opened, "limit": str(part.item.facts.promised)}
    return step | ({"when": part.guard} if part.guard else {})


def _opened(item: Definition, takes: dict[str, Plain]) -> dict[str, Plain]:
    facts = item.facts
    known: dict[str, Plain] = {"item": facts.id, "version": item.hash, "name": facts.name}
    known |= {"authority": facts.authority, "takes": takes}
    near = next((takes[role.near] for role in item.roles.values() if role.near in takes), None)
    known |= {"near": near} if near is not None else {}
    return known | ({"fee": facts.fee} if facts.fee != FREE else {})


def _pinned(step: Entry, file: Record, around: Circumstances) -> Node | None:
    """Return a step that opens one item beside this case, with what it needs to know of it."""
    body = step.value
    if not isinstance(body, Record) or "open" not in body:
        return None
    opened = body.get("open")
    if isinstance(opened, Record) and "version" in opened:
        return None  # as the registry keeps it: written out before
    reader = Reader(body, words.OPEN, at=step.key.at, findings=around.findings)
    name = reader.scalar("open")
    item = around.item(name) if name is not None and name.text != LINK else None
    if name is not None and name.text == LINK:
        around.report("E859", name.at, "the file has no `link`, so there are no parts to open", "name an item")
    if name is None or item is None:
        return without(body, ("takes", "gives"))
    takes = read_fields(reader, "takes", around, item=item)
    gives = read_fields(reader, "gives", around, item=item)
    own = _own_fields(file)
    given: dict[str, Plain] = {path: path for path in application_of(item) if path in own}
    given |= {theirs: path for theirs, (path, _) in takes.items()}
    for path in _needed(item):
        if path not in given:
            message = f"`{item.facts.id}` asks for `{path}`, which this case does not have"
            around.report("E854", name.at, message, f"add `takes: {{{path}: <a field of this item>}}`")
    pinned = _opened(item, given)
    pinned |= {"gives": {path: theirs for path, (theirs, _) in gives.items()}} if gives else {}
    kept: dict[str, Node] = {"open": node_of(pinned, name.at)}
    if "limit" not in body:
        kept["limit"] = node_of(str(item.facts.promised), name.at)
    return with_entries(without(body, ("takes", "gives")), kept)


def _own_fields(file: Record) -> set[str]:
    data = file.get("data")
    found = set()
    for entry in data.entries if isinstance(data, Record) else ():
        for inner in entry.value.entries if isinstance(entry.value, Record) else ():
            found.add(f"{entry.key.text.removeprefix('maybe ')}.{inner.key.text.removeprefix('maybe ')}")
    return found


def _needed(item: Definition) -> list[str]:
    """Return what an application for an item surely needs."""
    asked = [one.path for page in item.pages if page.when is None for one in page.fields if one.when is None]
    given = [path for one in item.prefills if one.when is None and one.source != "account" for path in one.gives]
    return [path for path in dict.fromkeys((*asked, *given)) if not item.fields[path].is_maybe]


def _with_form(flow: Node, form: Node | None) -> Node:
    """Return the flow with all pages in the first step by the applicant, where the file does not list them."""

    def change(entry: Entry) -> Node | None:
        body = entry.value
        by = body.get("by") if isinstance(body, Record) else None
        if not isinstance(body, Record) or "form" in body or not isinstance(by, Scalar) or by.text != "applicant":
            return None
        pages = [entry.key.text for entry in form.entries] if isinstance(form, Record) else []
        return with_entries(body, {"form": node_of(list(pages), by.at)}) if pages else None

    return _steps(flow, change)
