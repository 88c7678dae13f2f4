"""Make the JSON Schema of the language for editors, out of the tables of words: what completes and marks as one types.

The schema knows keys, words and shapes; what needs the whole file (names, types, flow) only the linter knows.
"""

from collections.abc import Iterable, Mapping

from workflows.domain.definition import Phase
from workflows.dsl import words
from workflows.dsl.words import PLACES, Place

Shape = dict[str, object]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer", "minimum": 0}
FLAG: Shape = {"type": "boolean"}
EXPRESSION: Shape = {"type": ["string", "boolean", "number"], "description": "an expression"}
DURATION: Shape = {
    "type": "string",
    "pattern": "^[1-9][0-9]{0,4}(h|wd|d|w|mo|y)$",
    "description": "such as 5wd: h hours, wd working days, d natural days, w weeks, mo months, y years",
}
CODE: Shape = {
    "type": ["string", "integer"],
    "pattern": "^([0-9A-Z]{12}|[0-9A-Z]{31}|[0-9A-Z]{33})$",
    "description": "12 characters (基本编码), or 31 and 33 with the body and the level (实施编码, 业务办理项编码)",
}
LOCAL_CODE: Shape = {"type": ["string", "integer"], "maxLength": 50}
ANYTHING: Shape = {}

HOLE: Shape = {"type": "string", "pattern": "^\\$[a-z]", "description": "a parameter of the template or family"}


def _of(place: Place) -> Shape:
    return {"$ref": f"#/$defs/{_slug(place)}"}


def _slug(place: Place) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in place.name.strip("`"))


def _either(*shapes: Shape) -> Shape:
    return {"anyOf": list(shapes)}


def _list(shape: Shape) -> Shape:
    return {"type": "array", "items": _either(shape, HOLE)}


def _named(shape: Shape) -> Shape:
    """Return the shape of a mapping of own names to something."""
    return {"type": "object", "additionalProperties": _either(shape, HOLE)}


def _word(known: Iterable[str]) -> Shape:
    return {"enum": list(known)}


_BESIDE_A_TEMPLATE = ("gov", "item")
"""What every file has, also where a template gives all the rest."""

NAMES: Shape = _list(TEXT)
STEP: Shape = {"$ref": "#/$defs/step"}
STEPS: Shape = _list(STEP)
ACTS = _named(_of(words.ACT))
LIMIT = _either(
    DURATION, {"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "description": "a table that gives the limit"}
)
PHASE_STEPS: Shape = {
    "type": "object",
    "properties": {phase.value: STEPS for phase in Phase},
    "additionalProperties": False,
}

_ANYWHERE: Mapping[str, Shape] = {
    "gov": {"const": 1},
    "version": NUMBER,
    "name": TEXT,
    "label": TEXT,
    "text": TEXT,
    "rule": EXPRESSION,
    "when": EXPRESSION,
    "only": EXPRESSION,
    "required": EXPRESSION,
    "limit": LIMIT,
    "within": DURATION,
    "every": DURATION,
    "add": DURATION,
    "remind": _either(DURATION, _list(DURATION)),
    "retry": NUMBER,
    "pause": _either(_word(words.STATUTORY_GROUNDS), _of(words.PAUSE)),
    "act": ACTS,
    "vote": _of(words.VOTE),
    "fresh": FLAG,
    "rate": FLAG,
    "archive": DURATION,
    "show": NAMES,
    "fill": NAMES,
    "upon": _of(words.UPON),
    "objection": _of(words.OBJECTION),
    "unavailable": _of(words.UNAVAILABLE),
    "mismatch": _of(words.LANE),
}
"""Shapes of keys that mean the same wherever they stand."""

_HERE: Mapping[tuple[Place, str], Shape] = {
    (words.FILE, "item"): _of(words.ITEM),
    (words.FILE, "before"): _of(words.BEFORE),
    (words.FILE, "conditions"): _list(_of(words.CONDITION)),
    (words.FILE, "outcomes"): _named(_of(words.OUTCOME)),
    (words.FILE, "data"): _named(_either(TEXT, {"type": "object"})),
    (words.FILE, "let"): _named(EXPRESSION),
    (words.FILE, "prefill"): _named(_either(_of(words.PREFILL), _of(words.ACCOUNT))),
    (words.FILE, "form"): _named(
        _either(_list(_either(TEXT, _of(words.PAGE_FIELD))), _of(words.PAGE)),
    ),
    (words.FILE, "materials"): _named(_of(words.MATERIAL)),
    (words.FILE, "tables"): _named(_of(words.TABLE)),
    (words.FILE, "roles"): _named(_of(words.ROLE)),
    (words.FILE, "distinct"): _list(_either(TEXT, NAMES)),
    (words.FILE, "clock"): _of(words.CLOCK),
    (words.FILE, "anytime"): _of(words.ANYTIME),
    (words.FILE, "labels"): _named(_either(TEXT, _named(TEXT))),
    (words.FILE, "scenarios"): _named(_of(words.SCENARIO)),
    (words.FILE, "flow"): _either(PHASE_STEPS, _of(words.USE)),
    (words.FILE, "link"): _named(_of(words.PART)),
    (words.FILE, "migrate"): _of(words.MIGRATE),
    (words.FILE, "family"): _of(words.FAMILY),
    (words.ITEM, "code"): _either(CODE, _of(words.ITEM_CODE)),
    (words.ITEM_CODE, "national"): CODE,
    (words.ITEM_CODE, "suffix"): {"type": ["string", "integer"], "pattern": "^[0-9A-Z]{2}$"},
    (words.ITEM_CODE, "local_catalogue"): LOCAL_CODE,
    (words.ITEM_CODE, "local_task"): LOCAL_CODE,
    (words.ITEM, "type"): _word(words.ITEM_TYPES),
    (words.ITEM, "level"): _word(words.LEVELS),
    (words.ITEM, "basis"): NAMES,
    (words.ITEM, "audience"): _list(_word(words.AUDIENCES)),
    (words.ITEM, "channels"): _list(_word(words.CHANNELS)),
    (words.ITEM, "mode"): _word(words.MODES),
    (words.ITEM, "limit"): _of(words.ITEM_LIMIT),
    (words.ITEM, "visits"): NUMBER,
    (words.ITEM, "assurance"): _of(words.ASSURANCE),
    (words.ITEM, "acting_for"): _list(_word(words.ACTING_FOR)),
    (words.ITEM, "result"): _of(words.RESULT),
    (words.ITEM_LIMIT, "statutory"): LIMIT,
    (words.ITEM_LIMIT, "promised"): LIMIT,
    (words.ITEM_LIMIT, "deemed"): {"type": "string", "pattern": "^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*$"},
    (words.ASSURANCE, "ial"): {"type": "integer", "minimum": 2, "maximum": 5},
    (words.RESULT, "media"): _list(_word(words.MEDIA)),
    (words.OUTCOME, "closing"): _word(words.CLOSINGS),
    (words.OUTCOME, "remedies"): _list(_word(words.REMEDIES)),
    (words.PAGE, "fields"): _list(_either(TEXT, _of(words.PAGE_FIELD))),
    (words.TABLE, "rows"): _list({"type": "array"}),
    (words.ANYTIME, "withdraw"): _of(words.WITHDRAW),
    (words.ANYTIME, "suspend"): _of(words.SUSPEND),
    (words.ANYTIME, "extend"): _of(words.EXTEND),
    (words.ANYTIME, "hand_over"): _of(words.HAND_OVER),
    (words.ANYTIME, "signers"): _of(words.SIGNERS),
    (words.ANYTIME, "consult"): _of(words.CONSULT),
    (words.ANYTIME, "correct"): _of(words.CORRECT),
    (words.ANYTIME, "urge"): _of(words.URGE),
    (words.ANYTIME, "appeal"): _of(words.APPEAL),
    (words.SUSPEND, "max"): DURATION,
    (words.HUMAN, "form"): NAMES,
    (words.CALL, "absent"): _of(words.LANE),
    (words.CALL, "match"): _either(NAMES, {"type": "object"}),
    (words.UNAVAILABLE, "then"): _of(words.LANE),
    (words.IF, "if"): EXPRESSION,
    (words.IF, "then"): STEPS,
    (words.IF, "else"): STEPS,
    (words.ALL, "all"): _list(_either(STEP, STEPS)),
    (words.ANY, "any"): _list(_either(STEP, STEPS)),
    (words.EACH, "each"): _of(words.SIGNERS_OF),
    (words.WAIT, "wait"): _either(DURATION, _of(words.WAIT_UNTIL), _of(words.WAIT_MESSAGE)),
    (words.PAY, "pay"): _of(words.BILL),
    (words.BILL, "lines"): _list(_of(words.FEE_LINE)),
    (words.BILL, "revise"): _of(words.REVISE),
    (words.FAMILY, "parameters"): _named(_of(words.PARAMETER)),
    (words.TEMPLATE, "parameters"): _named(_of(words.PARAMETER)),
}
"""Shapes of keys that mean something of their own where they stand; any other key may hold anything."""


def language_schema() -> Shape:
    """Return the schema: an item, a template or an overlay, with a definition for every place of the language."""
    definitions: Shape = {_slug(place): _place(place) for place in PLACES}
    kinds = [_of(place) for place in words.STEP_KINDS.values()]
    definitions["step"] = {
        "type": "object",
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": {"anyOf": [*kinds, _of(words.USE)]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "a service item (政务服务事项)",
        "anyOf": [_of(words.FILE), _of(words.TEMPLATE), _of(words.OVERLAY)],
        "$defs": definitions,
    }


def _place(place: Place) -> Shape:
    return {
        "type": "object",
        "title": place.name,
        "properties": {key: _shape(place, key) for key in place.keys},
        "required": list(_BESIDE_A_TEMPLATE if place is words.FILE else place.required),
        "additionalProperties": False,
    }


def _shape(place: Place, key: str) -> Shape:
    own = _HERE.get((place, key)) or _ANYWHERE.get(key, ANYTHING)
    if place is words.TEMPLATE and key != "parameters":
        return ANYTHING
    return _either(own, HOLE) if own else own
