"""Read the BPMN that we wrote, perhaps edited since, back into an item file; every fault has its place."""

from collections.abc import Iterator

from workflows.domain.definition import Location
from workflows.dsl.bpmn.comments import Comment, with_comments
from workflows.dsl.bpmn.graph import BLOCKS, JOIN, SEVERAL, START, entry
from workflows.dsl.bpmn.writing import BPMN, OURS
from workflows.dsl.bpmn.xml_tree import Element, XmlRefused, read_xml
from workflows.dsl.bpmn.yaml_text import block_lines
from workflows.dsl.findings import Finding, Findings
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar, load

_DEEPEST = 40
_HOLDER = "step"


class BpmnRefused(Exception):
    """Tell why a file is no item in BPMN."""

    def __init__(self, finding: Finding) -> None:
        """Keep what is wrong, where, and how to mend it."""
        self.finding = finding
        super().__init__(str(finding))


def from_bpmn(text: str, *, file: str) -> str:
    """Return the item file that a BPMN file holds; lint it like any other.

    Raises:
        BpmnRefused: with the place of the first fault.
    """
    try:
        root = read_xml(text)
    except XmlRefused as refused:
        raise _fault(file, refused.line, refused.column, refused.reason, "export the item anew") from None
    return _Reader(root, file).text()


def _fault(file: str, line: int, column: int, message: str, remedy: str) -> BpmnRefused:
    return BpmnRefused(Finding(Location(file, line, column), "E001", message, remedy))


class _Reader:
    """Walk one process along its arrows."""

    def __init__(self, root: Element, file: str) -> None:
        self.file = file
        process = root.first(f"{BPMN} process")
        if root.tag != f"{BPMN} definitions" or process is None:
            raise self.refuse(root, "this is no BPMN 2.0 process", "export an item with `gov items bpmn`")
        self.process = process
        self.nodes = {one.attributes["id"]: one for one in process.children if "id" in one.attributes}
        self.after: dict[str, list[str]] = {}
        for arrow in process.all(f"{BPMN} sequenceFlow"):
            source, target = arrow.attributes.get("sourceRef", ""), arrow.attributes.get("targetRef", "")
            if source not in self.nodes or target not in self.nodes:
                raise self.refuse(arrow, "this arrow leads from or to nothing", "draw it between two elements")
            self.after.setdefault(source, []).append(target)
        self.seen: set[str] = set()
        self.names: dict[str, str] = {}

    def refuse(self, at: Element, message: str, remedy: str) -> BpmnRefused:
        """Return a fault at an element."""
        return _fault(self.file, at.line, at.column, message, remedy)

    def text(self) -> str:
        """Return the whole file."""
        phases = self._phases()
        extension = self.process.first(f"{BPMN} extensionElements")
        sections = extension.all(f"{OURS} section") if extension else []
        if not sections:
            raise self.refuse(self.process, "the process holds no item", "export an item with `gov items bpmn`")
        entries = []
        for section in sections:
            name = section.attributes.get("name", "")
            value: Node = phases if name == "flow" else self._yaml(section, section.text)
            entries.append(entry(name, self._renamed(value) if name == "labels" else value))
        text = "\n".join(block_lines(Record(tuple(entries), self._at(self.process)))) + "\n"
        return with_comments(text, self._comments(extension), file=self.file)

    def _comments(self, extension: Element | None) -> Iterator[Comment]:
        for one in extension.all(f"{OURS} comment") if extension else ():
            yield Comment(one.attributes.get("at", ""), one.attributes.get("beside") == "true", one.text)

    def _at(self, element: Element) -> Location:
        return Location(self.file, element.line, element.column)

    def _yaml(self, holder: Element, text: str) -> Node:
        """Return the node that stands in an element as YAML."""
        findings = Findings()
        lines = [f"{_HOLDER}:", *(f"  {line}" for line in text.strip("\n").split("\n"))]
        body = "\n".join(lines) if text.startswith("\n") else f"{_HOLDER}: {text}"
        record = load(body, file=self.file, findings=findings)
        value = record.get(_HOLDER) if record is not None and not findings.has_errors else None
        if value is None:
            first = next(iter(findings.sorted()), None)
            reason = first.message if first else "nothing stands here"
            raise self.refuse(holder, f"the text in here cannot be read: {reason}", "write it as in an item file")
        return value

    def _phases(self) -> Record:
        """Return the flow: the steps along the arrows, by lane."""
        lanes: dict[str, str] = {}
        for lane_set in self.process.all(f"{BPMN} laneSet"):
            for lane in lane_set.all(f"{BPMN} lane"):
                refs = (one.text.strip() for one in lane.all(f"{BPMN} flowNodeRef"))
                lanes.update(dict.fromkeys(refs, lane.attributes.get("id", "").removeprefix("lane_")))
        start = self.process.first(f"{BPMN} startEvent")
        if start is None:
            raise self.refuse(self.process, "the process has no start", "draw a start event before the first step")
        phases: dict[str, list[Node]] = {}
        for step in self._sequence(start.attributes.get("id", START), "", depth=0):
            name = step.entries[0].key.text
            if name not in lanes:
                raise self.refuse(self.nodes[name], f"`{name}` stands in no lane", "put it into the lane of a phase")
            phases.setdefault(lanes[name], []).append(step)
        at = self._at(self.process)
        return Record(tuple(entry(phase, Listing(tuple(steps), at)) for phase, steps in phases.items()), at)

    def _sequence(self, before: str, end: str, *, depth: int) -> Iterator[Record]:
        """Yield the steps after an element, up to the join that ends their branch."""
        following = self.after.get(before, [])
        while following:
            if len(following) > 1:
                raise self.refuse(self.nodes[before], f"two arrows lead out of `{before}`", "use a gateway")
            yield from self._steps(following[0], end, depth=depth)
            if following[0] == end:
                return
            before = self._last(following[0])
            following = self.after.get(before, [])

    def _last(self, name: str) -> str:
        return name + JOIN if name + JOIN in self.nodes else name

    def _steps(self, name: str, end: str, *, depth: int) -> Iterator[Record]:
        if name == end:
            return
        node = self.nodes[name]
        if name in self.seen or depth > _DEEPEST:
            raise self.refuse(node, f"arrows lead to `{name}` twice", "an item has no loops: use `back` in an act")
        self.seen.add(name)
        extension = node.first(f"{BPMN} extensionElements")
        own = extension.first(f"{OURS} step") if extension else None
        body = self._yaml(own, own.text) if own is not None else None
        if not isinstance(body, Record):
            raise self.refuse(node, f"`{name}` says nothing of its step", "add a `gov:step` with what the step does")
        self.names[name] = node.attributes.get("name", "")
        yield Record((entry(name, self._filled(name, body, depth=depth)),), self._at(node))

    def _filled(self, name: str, body: Record, *, depth: int) -> Record:
        """Return a step's body with its branches put back where they were."""
        kind = next((word for word in BLOCKS if word in body), None)
        if kind is None or name + JOIN not in self.nodes:
            return body
        targets = iter(self.after.get(name, []))
        entries: list[Entry] = []
        for one in body.entries:
            value = one.value
            if one.key.text in BLOCKS[kind] and isinstance(value, Listing):
                branches = [self._branch(name, mark, next(targets, ""), depth=depth) for mark in value.items]
                value = branches[0] if kind == "if" and branches else Listing(tuple(branches), value.at)
            entries.append(one._replace(value=value))
        return Record(tuple(entries), body.at)

    def _branch(self, name: str, mark: Node, target: str, *, depth: int) -> Node:
        node = self.nodes[name]
        if not target:
            raise self.refuse(node, f"`{name}` has fewer branches than its text says", "mend the list in `gov:step`")
        join = name + JOIN
        steps: list[Node] = list(self._steps(target, join, depth=depth + 1))
        if steps:
            steps += self._sequence(self._last(target), join, depth=depth + 1)
        if isinstance(mark, Scalar) and mark.text == SEVERAL:
            return Listing(tuple(steps), self._at(node))
        if len(steps) != 1:
            raise self.refuse(node, f"a branch of `{name}` is one step no more", "write `steps` in its `gov:step`")
        return steps[0]

    def _renamed(self, labels: Node) -> Node:
        """Return the labels with the names that the elements bear now."""
        if not isinstance(labels, Record):
            return labels
        entries = []
        for one in labels.entries:
            name = self.names.get(one.key.text.removeprefix("step.")) if one.key.text.startswith("step.") else None
            if name and isinstance(one.value, Scalar) and one.value.text != name:
                one = one._replace(value=Scalar(name, name, is_plain=False, at=one.value.at))
            entries.append(one)
        return Record(tuple(entries), labels.at)
