"""Write a bundle out: data, form, materials and conditions of its parts become its own, before it is compiled."""

from collections.abc import Iterable, Iterator

from workflows.domain.definition import Definition, Location, Unit
from workflows.dsl.bundles.forms import (
    CHOSEN,
    Asked,
    Given,
    Paper,
    any_of,
    asked_fields,
    given_fields,
    lets_of,
    papers_of,
    settle_sources,
)
from workflows.dsl.bundles.members import Circumstances, Part
from workflows.dsl.bundles.nodes import Plain, node_of, record_of, with_entries
from workflows.dsl.source import Entry, Listing, Node, Record, Scalar
from workflows.dsl.statics import of_field

CHOSEN_LABEL = "一起办理的事项"


class Merge:
    """Gather what the parts need; what the file itself says stands before it."""

    def __init__(self, file: Record, parts: tuple[Part, ...], around: Circumstances) -> None:
        """Work out the one form."""
        self.file = file
        self.parts = parts
        self.around = around
        self.asked: dict[str, Asked] = asked_fields(parts)
        self.given: dict[str, Given] = given_fields(parts, around)
        settle_sources(self.asked, self.given)
        self.papers: dict[str, Paper]
        self.papers, self.same_papers = papers_of(parts)

    def sections(self) -> dict[str, Node]:
        """Return every section of the file as it is with the parts written out."""
        found: dict[str, Node] = {
            "data": self._data(),
            "let": self._beside("let", ((name, source, at) for name, (source, at) in self._lets().items())),
            "prefill": self._prefill(),
            "form": self._form(),
            "materials": self._materials(),
            "labels": self._labels(),
        }
        conditions = self._conditions()
        if conditions.items:
            found["conditions"] = conditions
        before = self._before()
        if before is not None and "before" not in self.file:
            found["before"] = before
        return {key: node for key, node in found.items() if not isinstance(node, Record) or node.entries}

    # -- data ------------------------------------------------------------------------------------------------

    def _data(self) -> Record:
        own = self._own("data")
        groups = {_bare(entry.key.text): entry for entry in own.entries}
        names: dict[str, dict[str, Node]] = {}
        for path, spelling, at in self._declared(own):
            group, _, name = path.partition(".")
            names.setdefault(group, {})[name] = node_of(spelling, at)
        entries = []
        for group, entry in groups.items():
            extra = names.pop(group, {})
            body = with_entries(entry.value, extra) if isinstance(entry.value, Record) and extra else entry.value
            entries.append(Entry(entry.key, body))
        for group, fields in names.items():
            at = next(iter(fields.values())).at
            key = f"maybe {group}" if self._is_maybe(group) else group
            entries.append(Entry(Scalar(key, key, is_plain=True, at=at), record_of(fields, at)))
        return Record(tuple(entries), own.at)

    def _declared(self, own: Record) -> Iterator[tuple[str, str, Location]]:
        """Yield every field that the parts bring and the file does not declare itself, with its type."""
        known = {f"{_bare(one.key.text)}.{_bare(inner.key.text)}": inner.value for one, inner in _inner(own)}
        seen: dict[str, tuple[Part, str]] = {}
        for part in self.parts:
            inward = [(path, path) for path in part.shared]
            outward = [(path, theirs) for path, (theirs, _) in part.gives.items()]
            for path, theirs in (*inward, *outward):
                spelling = part.item.fields[theirs].type.name
                at = part.gives[path][1] if path in part.gives else part.at
                if path in known or path in seen:
                    self._compare(part, path, spelling, known=known.get(path), seen=seen.get(path))
                    continue
                seen[path] = (part, spelling)
                is_maybe = path in part.gives or self._may_lack(path)
                yield path, f"maybe {spelling}" if is_maybe and not self._is_maybe(path) else spelling, at
        for part in self.parts:
            if part.is_optional:
                yield f"{CHOSEN}.{part.name}", "bool", part.at

    def _compare(
        self, part: Part, path: str, spelling: str, *, known: Node | None, seen: tuple[Part, str] | None
    ) -> None:
        other = seen[1] if seen else _bare(known.text) if isinstance(known, Scalar) else spelling
        if other.replace(" ", "") != spelling.replace(" ", ""):
            whose = f"`{seen[0].name}`" if seen else "this file"
            message = f"`{path}` is {spelling} in `{part.name}`, but {other} in {whose}"
            self.around.report("E853", part.at, message, "give one data element one type in all items")

    def _may_lack(self, path: str) -> bool:
        """Tell whether a shared field may be absent: asked or given only under a condition, or maybe in every part."""
        owners = [part for part in self.parts if path in part.shared]
        asked = self.asked.get(path)
        ways = [
            *(asked.ways if asked else ()),
            *(way for one in self.given.values() if path in one.gives for way in one.ways),
        ]
        return bool(any_of(ways)) or all(part.item.fields[path].is_maybe for part in owners)

    def _is_maybe(self, path: str) -> bool:
        """Tell whether the whole group of a field may be absent in every part that shares it."""
        group = path.partition(".")[0]
        owners = [part for part in self.parts if any(one.startswith(f"{group}.") for one in part.shared)]
        return bool(owners) and all(group in part.item.maybe_groups for part in owners)

    def _lets(self) -> dict[str, tuple[str, Location]]:
        return lets_of(self.parts, self.around)

    # -- form ------------------------------------------------------------------------------------------------

    def _form(self) -> Record:
        pages: dict[str, list[Node]] = {}
        places: dict[str, Location] = {}
        placed: set[str] = set()
        chosen = [part for part in self.parts if part.is_optional]
        if chosen:
            places[CHOSEN] = chosen[0].at
            pages[CHOSEN] = [node_of(f"{CHOSEN}.{part.name}", part.at) for part in chosen]
        whole: dict[str, Node] = {}
        for entry in self._own("form").entries:
            places[entry.key.text] = entry.key.at
            if not isinstance(entry.value, Listing):
                whole[entry.key.text] = entry.value
                continue
            pages[entry.key.text] = [self._placed(item, placed) for item in entry.value.items]
        for path, asked in self.asked.items():
            if path not in placed:
                places.setdefault(asked.page, asked.at)
                pages.setdefault(asked.page, []).append(self._field(path, asked))
        content = {page: Listing(tuple(fields), places[page]) for page, fields in pages.items()}
        return record_of({**content, **whole}, self.file.at)

    def _placed(self, item: Node, placed: set[str]) -> Node:
        """Return a field that the file itself places on a page, with the condition under which a part asks it."""
        if not isinstance(item, Scalar):
            return item
        placed.add(item.text)
        asked = self.asked.get(item.text)
        return item if asked is None else self._field(item.text, asked, at=item.at)

    def _field(self, path: str, asked: Asked, *, at: Location | None = None) -> Node:
        at = at or asked.at
        content: dict[str, Plain] = {"field": path}
        if asked.when:
            content["when"] = asked.when
            if asked.is_optional:
                content["optional"] = True
        return node_of(content if len(content) > 1 else path, at)

    def _prefill(self) -> Record:
        found: list[tuple[str, Plain, Location]] = []
        for source, one in self.given.items():
            if not one.gives:
                continue
            content: dict[str, Plain] = {"gives": list(one.gives)}
            content |= {"key": one.key} if one.key else {}
            content |= {"purpose": one.purpose} if one.purpose else {}
            content |= {"when": any_of(one.ways)} if any_of(one.ways) else {}
            content |= {"absent": "ask"} if one.asks else {}
            found.append((source, content, one.at))
        return self._beside("prefill", found)

    def _materials(self) -> Record:
        found: list[tuple[str, Plain, Location]] = []
        for name, paper in self.papers.items():
            content: dict[str, Plain] = {"name": paper.material.name, "from": paper.material.source}
            content |= {"when": any_of(paper.ways)} if any_of(paper.ways) else {}
            content |= {"absent": "upload"} if paper.material.upload_if_absent else {}
            found.append((name, content, paper.at))
        return self._beside("materials", found)

    def _conditions(self) -> Listing:
        own = self.file.get("conditions")
        items: list[Node] = list(own.items) if isinstance(own, Listing) else []
        seen: set[str] = set()
        for part in self.parts:
            required = part.required.text if part.required is not None and not part.is_optional else ""
            for one in part.item.conditions:
                if one.rule.source == required:
                    continue  # it belongs to the bundle only where this holds
                rule = f"not {part.guard} or ({one.rule.source})" if part.guard else one.rule.source
                if rule in seen or any(path in part.takes for path in one.rule.reads):
                    continue
                seen.add(rule)
                content: dict[str, Plain] = {"rule": rule, "text": one.text}
                content |= {"basis": one.basis} if one.basis else {}
                items.append(node_of(content, part.at))
        return Listing(tuple(items), self.file.at)

    # -- words -----------------------------------------------------------------------------------------------

    def _labels(self) -> Record:
        found: list[tuple[str, Plain, Location]] = []
        for part in self.parts:
            found.append((f"step.{part.name}", part.item.facts.name, part.at))
            paths = [(path, path) for path in part.shared]
            paths += [(path, theirs) for path, (theirs, _) in part.gives.items()]
            for path, theirs in paths:
                if content := _texts(part.item, theirs):
                    found.append((path, content, part.at))
                group = f"group.{path.partition('.')[0]}"
                if group in part.item.labels:
                    found.append((group, part.item.labels[group], part.at))
            pages = {asked.page for path, asked in self.asked.items() if path in part.shared}
            found += [
                (f"page.{page}", part.item.labels[f"page.{page}"], part.at)
                for page in sorted(pages)
                if f"page.{page}" in part.item.labels
            ]
            if part.is_optional:
                found.append((f"{CHOSEN}.{part.name}", part.item.facts.name, part.at))
                found += [(f"page.{CHOSEN}", CHOSEN_LABEL, part.at), (f"group.{CHOSEN}", CHOSEN_LABEL, part.at)]
        return self._beside("labels", found)

    def _before(self) -> Node | None:
        """Return the burden of applying for each part by itself, for the file that does not say how it was before."""
        items = [part.item for part in self.parts]
        fields = sum(len(page.fields) for item in items for page in item.pages if page.when is None)
        content: dict[str, Plain] = {
            "fields": fields,
            "paper": sum(one.source == "upload" for item in items for one in item.materials),
            "visits": sum(item.facts.visits for item in items),
        }
        if all(item.facts.promised.unit is Unit.WORKING_DAY for item in items):
            content["days"] = f"{sum(item.facts.promised.amount for item in items)}wd"
        return node_of(content, self.file.at)

    # -- the file's own --------------------------------------------------------------------------------------

    def _own(self, key: str) -> Record:
        node = self.file.get(key)
        return node if isinstance(node, Record) else Record((), self.file.at)

    def _beside(self, key: str, found: Iterable[tuple[str, Plain, Location]]) -> Record:
        """Return a section with what the parts bring behind what the file says itself."""
        own = self._own(key)
        known = {entry.key.text for entry in own.entries}
        entries: dict[str, Entry] = {}
        for name, content, at in found:
            if name not in known:
                entries.setdefault(name, Entry(Scalar(name, name, is_plain=True, at=at), node_of(content, at)))
        return Record((*own.entries, *entries.values()), own.at)


def _texts(item: Definition, path: str) -> Plain | None:
    """Return what an item says about a field: its label, and why, hint and members beside it."""
    declared = item.fields[path]
    found: dict[str, Plain] = {"label": item.labels[path]} if path in item.labels else {}
    for word in ("why", "hint", *of_field(declared.type).members):
        if f"{path}.{word}" in item.labels:
            found[word] = item.labels[f"{path}.{word}"]
    return found or None


def _inner(record: Record) -> Iterator[tuple[Entry, Entry]]:
    for entry in record.entries:
        for inner in entry.value.entries if isinstance(entry.value, Record) else ():
            yield entry, inner


def _bare(text: str) -> str:
    return text.strip().removeprefix("maybe ").strip()
