"""Prove that the parts of a bundle fit together: each gets what it takes, what is given is read, who may apply."""

from collections.abc import Iterable, Iterator

from workflows.dsl.bundles.members import Circumstances, Part
from workflows.dsl.source import Listing, Node, Record, Scalar


def check_parts(parts: tuple[Part, ...], own: Record, around: Circumstances) -> None:
    """Report parts that do not fit (E853 to E857)."""
    givers = {path: part for part in parts for path in part.gives}
    read = {word for node in _beside_link(own) for word in _words(node)}
    taken = {path for part in parts for path, _ in part.takes.values()}
    for part in parts:
        _check_taken(part, parts, givers, around)
        _check_given(part, read | taken, around)
        _check_asked(part, parts, givers, around)
        _check_applicant(part, own, around)


def before(part: Part, parts: Iterable[Part]) -> frozenset[str]:
    """Return the parts that are over before a part is opened."""
    by_name = {one.name: one for one in parts}
    found: set[str] = set()
    waiting = list(part.after)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(by_name[name].after)
    return frozenset(found)


def _check_taken(part: Part, parts: tuple[Part, ...], givers: dict[str, Part], around: Circumstances) -> None:
    asked = {path for one in parts for path in one.shared}
    earlier = before(part, parts)
    for theirs, (path, at) in part.takes.items():
        giver = givers.get(path)
        if giver is None and path not in asked:
            remedy = f"write `gives: [{path}]` at the part that it comes from, and `after` here"
            around.report("E854", at, f"nothing gives `{path}`, which `{part.name}` takes", remedy)
        elif giver is not None and giver.name not in earlier:
            message = f"`{part.name}` takes `{path}`, but `{giver.name}`, which gives it, need not be over before"
            around.report("E854", at, message, f"add `after: {giver.name}`")
        elif giver is not None:
            here, there = part.item.fields[theirs].type.name, giver.item.fields[giver.gives[path][0]].type.name
            if here != there:
                message = f"`{part.name}` takes `{theirs}` as {here}, but `{giver.name}` gives `{path}` as {there}"
                around.report("E853", at, message, "give one data element one type in both items")


def _check_given(part: Part, read: set[str], around: Circumstances) -> None:
    for path, (_, at) in part.gives.items():
        if path not in read:
            message = f"`{part.name}` gives `{path}`, but nothing takes or reads it"
            around.report("E855", at, message, f"add `takes: [{path}]` at the part that needs it, or take it out")


def _check_asked(part: Part, parts: tuple[Part, ...], givers: dict[str, Part], around: Circumstances) -> None:
    for path in part.shared:
        giver = givers.get(path)
        if giver is None:
            continue
        message = f"the form asks for `{path}` because of `{part.name}`, though `{giver.name}` gives it"
        around.report("E856", part.at, message, f"add `takes: [{path}]` and `after: {giver.name}` here")


def _check_applicant(part: Part, own: Record, around: Circumstances) -> None:
    """Report a part that the bundle's applicant could not apply for."""
    item = own.get("item")
    if not isinstance(item, Record):
        return
    facts = part.item.facts
    for key, allowed in (("audience", facts.audience), ("acting_for", facts.acting_for)):
        node = item.get(key)
        for word in node.items if isinstance(node, Listing) else ():
            if isinstance(word, Scalar) and word.text not in allowed:
                message = f"`{part.name}` knows no `{word.text}` in `{key}`, which the bundle names"
                around.report("E857", word.at, message, f"leave it out, or add it to `{facts.id}`")
    assurance = item.get("assurance")
    ial = assurance.get("ial") if isinstance(assurance, Record) else None
    if isinstance(ial, Scalar) and isinstance(ial.value, int) and ial.value < facts.ial:
        message = f"the bundle asks for assurance {ial.value}, but its part `{part.name}` for {facts.ial}"
        around.report("E857", ial.at, message, f"write `ial: {facts.ial}`")


def _beside_link(own: Record) -> Iterator[Node]:
    return (one.value for one in own.entries if one.key.text not in ("link", "labels", "scenarios", "data"))


def _words(node: Node) -> Iterator[str]:
    """Yield everything that could be the name of a field."""
    match node:
        case Scalar():
            yield from node.text.replace("(", " ").replace(")", " ").replace(",", " ").split()
        case Listing():
            for item in node.items:
                yield from _words(item)
        case Record():
            for entry in node.entries:
                yield entry.key.text
                yield from _words(entry.value)
