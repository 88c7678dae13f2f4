"""Write an item file as BPMN 2.0 XML; what BPMN has no word for goes along in elements of our own namespace."""

from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape, quoteattr

from workflows.domain.definition import Phase
from workflows.dsl.bpmn.comments import Comment
from workflows.dsl.bpmn.diagram import Bounds, Diagram, diagram_of
from workflows.dsl.bpmn.graph import JOIN, START, Element, Graph, elements_of, graph_of
from workflows.dsl.bpmn.yaml_text import block_lines, flow_text
from workflows.dsl.picture import PHASES
from workflows.dsl.source import Record, Scalar

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DDI = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "urn:gov-portal:items:1"

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<definitions xmlns="{BPMN}" xmlns:di="{DI}" xmlns:dc="{DC}" xmlns:ddi="{DDI}" xmlns:gov="{OURS}" '
    f'id="definitions" targetNamespace="{OURS}">'
)


def to_bpmn(record: Record, comments: Iterable[Comment] = ()) -> str:
    """Return an item file as BPMN with its diagram; ``from_bpmn`` gives the same item back, with these comments.

    Raises:
        NotDrawable: the file has no flow of its own.
    """
    graph = graph_of(record, _labels(record))
    return "\n".join(
        [_HEAD, *_process(record, graph, comments), *_drawing(graph, diagram_of(graph)), "</definitions>", ""]
    )


def _labels(record: Record) -> Mapping[str, str]:
    """Return the Chinese labels of steps, as the file gives them."""
    labels = record.get("labels")
    found = {}
    for entry in labels.entries if isinstance(labels, Record) else ():
        value = entry.value.get("label") if isinstance(entry.value, Record) else entry.value
        if isinstance(value, Scalar):
            found[entry.key.text] = value.text
    return found


def _process(record: Record, graph: Graph, comments: Iterable[Comment]) -> Iterator[str]:
    item = record.get("item")
    name = item.get("name") if isinstance(item, Record) else None
    named = quoteattr(name.text if isinstance(name, Scalar) else "")
    yield '<collaboration id="collaboration">'
    yield f'<participant id="pool" name={named} processRef="process"/></collaboration>'
    yield f'<process id="process" name={named} isExecutable="false">'
    yield "<extensionElements>"
    for entry in record.entries:
        value = entry.value
        text = flow_text(value)
        if isinstance(value, Record) and value.entries:
            text = "\n".join(["", *block_lines(value), ""])
        content = "" if entry.key.text == "flow" else escape(text)
        yield f"<gov:section name={quoteattr(entry.key.text)}>{content}</gov:section>"
    for comment in comments:
        beside = ' beside="true"' if comment.is_beside else ""
        yield f"<gov:comment at={quoteattr(comment.at)}{beside}>{escape(comment.text)}</gov:comment>"
    yield "</extensionElements>"
    yield '<laneSet id="lanes">'
    for number, (phase, parts) in enumerate(graph.phases):
        refs = [START] if number == 0 else []
        refs += [element.id for element in elements_of(parts)]
        inner = "".join(f"<flowNodeRef>{escape(ref)}</flowNodeRef>" for ref in refs)
        yield f"<lane id={quoteattr('lane_' + phase)} name={quoteattr(_phase(phase))}>{inner}</lane>"
    yield "</laneSet>"
    yield f'<startEvent id="{START}"/>'
    for _, parts in graph.phases:
        for element in elements_of(parts):
            yield _element(element)
    for number, (source, target) in enumerate(graph.arrows):
        yield f'<sequenceFlow id="arrow_{number}" sourceRef={quoteattr(source)} targetRef={quoteattr(target)}/>'
    yield "</process>"


def _phase(phase: str) -> str:
    return PHASES[Phase(phase)] if phase in set(Phase) else phase


def _element(element: Element) -> str:
    head = f"{element.tag} id={quoteattr(element.id)}"
    if element.own is None:
        return f"<{head}/>"
    inner = f"<extensionElements><gov:step>{escape(element.own)}</gov:step></extensionElements>"
    if element.tag == "intermediateCatchEvent":
        inner += '<timerEventDefinition id="' + escape(element.id) + '_time"/>'
    return f"<{head} name={quoteattr(element.name)}>{inner}</{element.tag}>"


def _drawing(graph: Graph, diagram: Diagram) -> Iterator[str]:
    yield '<di:BPMNDiagram id="diagram"><di:BPMNPlane id="plane" bpmnElement="collaboration">'
    pool = Bounds(0, 0, diagram.width, diagram.height)
    yield _shape("pool", pool, ' isHorizontal="true"')
    for phase, bounds in diagram.lanes.items():
        yield _shape(f"lane_{phase}", bounds, ' isHorizontal="true"')
    for name, bounds in diagram.bounds.items():
        yield _shape(name, bounds, "")
    for number, arrow in enumerate(graph.arrows):
        points = "".join(f'<ddi:waypoint x="{x}" y="{y}"/>' for x, y in diagram.waypoints[arrow])
        yield f'<di:BPMNEdge id="edge_{number}" bpmnElement="arrow_{number}">{points}</di:BPMNEdge>'
    yield "</di:BPMNPlane></di:BPMNDiagram>"


def _shape(name: str, bounds: Bounds, more: str) -> str:
    return (
        f"<di:BPMNShape id={quoteattr('shape_' + name)} bpmnElement={quoteattr(name)}{more}>"
        f'<dc:Bounds x="{bounds.x}" y="{bounds.y}" width="{bounds.width}" height="{bounds.height}"/></di:BPMNShape>'
    )


def is_join(name: str) -> bool:
    """Tell whether an element only brings branches together."""
    return name.endswith(JOIN)
