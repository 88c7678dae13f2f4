"""Compile kept sources, many of them in as many processes as there are cores; for commands, which have no threads."""

import gc
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from workflows.compiled import Packed
from workflows.domain.definition import Definition
from workflows.dsl.directory import Directory
from workflows.dsl.findings import DefinitionInvalid
from workflows.dsl.lint import compile_text

ENOUGH_FOR_PROCESSES = 100
_CHUNKS_EACH = 8

Source = tuple[str, str, str]
"""Hash, text and file name of a kept version."""


class DefinitionChanged(Exception):
    """Report that a stored source no longer has the hash that it was published under."""


def compile_kept(source: Source, *, directory: Directory | None = None) -> Definition:
    """Return the definition of a kept source.

    Raises:
        DefinitionInvalid: the language has changed so that it no longer passes the linter.
        DefinitionChanged: it is another text than the one that was kept.
    """
    digest, text, file = source
    definition = compile_text(text, file, directory=directory)
    if definition.hash != digest:
        raise DefinitionChanged(digest)
    return definition


def compile_all(sources: Sequence[Source]) -> list[Packed]:
    """Return those that can be compiled, packed; what cannot is told to whoever asks for it."""
    workers = os.cpu_count() or 1
    if workers < 2 or len(sources) < ENOUGH_FOR_PROCESSES:
        found = [_packed(source) for source in sources]
    else:
        with compilers(workers) as pool:
            found = list(pool.map(_packed, sources, chunksize=len(sources) // (_CHUNKS_EACH * workers) or 1))
    return [one for one in found if one is not None]


def compilers(workers: int) -> ProcessPoolExecutor:
    """Return processes that live for one run over many sources: too short to be worth a look for garbage."""
    return ProcessPoolExecutor(workers, mp_context=get_context("fork"), initializer=gc.disable)


def _packed(source: Source) -> Packed | None:
    try:
        return Packed.of(compile_kept(source))
    except (DefinitionInvalid, DefinitionChanged):
        return None
