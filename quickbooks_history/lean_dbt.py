"""What dbt makes at every run and nobody needs: events that are not logged, templates and contexts made anew.

They take a third of the time of a run over 80 nodes. All are changed in dbt itself, for as long as the run takes.
"""

from __future__ import annotations

import hashlib
import logging
import marshal
import os
import sys
import threading
from contextlib import contextmanager, suppress
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator


@contextmanager
def in_its_place(*changes: tuple[Any, str, Any]) -> Iterator[None]:
    """Have attributes of dbt's classes and modules be ours meanwhile.

    Args:
        changes: Whose it is, its name, and what it is meanwhile.
    """
    theirs = [(owner, name, vars(owner).get(name)) for owner, name, _ in changes]
    for owner, name, ours in changes:
        setattr(owner, name, ours)
    try:
        yield
    finally:
        for owner, name, its_own in theirs:
            if its_own is None:
                delattr(owner, name)  # what it inherits is there again
            else:
                setattr(owner, name, its_own)


@contextmanager
def logged_events_alone() -> Iterator[None]:
    """Have dbt make those events alone that some logger takes.

    dbt makes a message of every statement and its answer, a second one around it, JSON of that, scrubs it of secrets,
    and then its logger drops it. What would be an error if it was a warning is made in any case.
    """
    from dbt.tracking import track_behavior_change_warn  # dbt's own callback, for warnings alone
    from dbt_common.events.base_types import BaseEvent, EventLevel
    from dbt_common.events.event_manager import EventManager
    from dbt_common.events.logger import PRINT_EVENT_NAMES

    levels = {
        EventLevel.DEBUG: logging.DEBUG,
        EventLevel.TEST: logging.DEBUG,
        EventLevel.INFO: logging.INFO,
    }
    init: Any = BaseEvent.__init__
    get: Any = BaseEvent.__getattr__
    set_: Any = BaseEvent.__setattr__
    fire: Any = EventManager.fire_event

    def note(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - dbt's own, as all here
        vars(self)["noted"] = (args, kwargs)

    def make(event: Any) -> None:  # noqa: ANN401
        noted = vars(event).pop("noted", None)
        if noted is not None:
            init(event, *noted[0], **noted[1])

    def get_of_made(self: Any, name: str) -> Any:  # noqa: ANN401
        make(self)
        return get(self, name)

    def set_of_made(self: Any, name: str, value: Any) -> None:  # noqa: ANN401
        make(self)
        set_(self, name, value)

    def fire_if_logged(
        self: Any,  # noqa: ANN401
        e: Any,  # noqa: ANN401
        level: Any = None,  # noqa: ANN401
        node: Any = None,  # noqa: ANN401
        force_warn_or_error_handling: bool = False,
    ) -> None:
        number = levels.get(level or e.level_tag())
        if (
            number is None
            or force_warn_or_error_handling
            or any(callback is not track_behavior_change_warn for callback in self.callbacks)
            or type(e).__name__ in PRINT_EVENT_NAMES
            or any(
                logger._python_logger is None or logger._python_logger.isEnabledFor(number) for logger in self.loggers
            )
        ):
            fire(self, e, level, node, force_warn_or_error_handling)

    with in_its_place(
        (BaseEvent, "__init__", note),
        (BaseEvent, "__getattr__", get_of_made),
        (BaseEvent, "__setattr__", set_of_made),
        (EventManager, "fire_event", fire_if_logged),
    ):
        yield


@contextmanager
def kept_templates(folder: Path) -> Iterator[None]:
    """Keep the compiled form of Jinja's templates, as Python keeps bytecode, for this run and those after it.

    Args:
        folder: Where dbt keeps what it has parsed; the templates of all its runs are a file there.
    """
    from dbt_common.clients import jinja

    # What is compiled otherwise by another version has another name.
    versions = (*sys.version_info, *map(metadata.version, ("jinja2", "dbt-common", "dbt-core")))
    kept = folder / f"templates-{hashlib.sha256(repr(versions).encode()).hexdigest()[:16]}.marshal"
    templates = _load(kept)
    known = len(templates)
    environment = jinja.MacroFuzzEnvironment
    compile_template = environment.compile

    def compile_once(
        self: Any,  # noqa: ANN401 - Jinja's own
        source: Any,  # noqa: ANN401
        name: str | None = None,
        filename: str | None = None,
        raw: bool = False,
        defer_init: bool = False,
    ) -> Any:  # noqa: ANN401
        if not isinstance(source, str) or raw or defer_init:
            return compile_template(self, source, name, filename, raw, defer_init)  # type: ignore[call-overload]
        key = repr((type(self).__qualname__, name, filename, source))
        if key not in templates:
            templates[key] = compile_template(self, source, name, filename)
        return templates[key]

    try:
        with in_its_place((environment, "compile", compile_once)):
            yield
    finally:
        if len(templates) > known:
            _store(kept, templates)


@contextmanager
def kept_contexts() -> Iterator[None]:
    """Gather macros and make parsers once, and not for every question that dbt's adapter asks of the catalog.

    For each it would look through all macros of all packages, and make a tester of types, with parsers of dates in it,
    for the answer's columns.
    """
    from dbt.adapters.base.impl import BaseAdapter
    from dbt_common.clients import agate_helper

    set_generator, make_tester = BaseAdapter.set_macro_context_generator, agate_helper.build_type_tester
    kept_tester = _once_in_a_thread(make_tester, lambda *arguments: arguments)

    def set_generator_once_in_a_thread(self: Any, generate: Any) -> None:  # noqa: ANN401 - dbt's own
        kept = _once_in_a_thread(generate, lambda macro, _config, _manifest, package: (macro.package_name, package))
        set_generator(self, lambda *arguments: dict(kept(*arguments)))  # the adapter adds to it what one macro is given

    def tester_once(text_columns: Any, string_null_values: Any = ("null", "")) -> Any:  # noqa: ANN401
        return kept_tester(frozenset(text_columns), tuple(string_null_values))

    with in_its_place(
        (BaseAdapter, "set_macro_context_generator", set_generator_once_in_a_thread),
        (agate_helper, "build_type_tester", tester_once),
    ):
        yield


@contextmanager
def longest_way_first() -> Iterator[None]:
    """Have dbt take up first what most has to wait for, one after the other, and of the last ones what reads most.

    Its own order goes by what a node itself has waited for: a view that nothing is made of comes before the table that
    all history is made of.
    """
    from dbt.graph.queue import GraphQueue
    from networkx import topological_sort

    def scores(_: Any, graph: Any) -> dict[str, tuple[int, int]]:  # noqa: ANN401 - dbt's own
        way: dict[str, int] = {}
        for node in reversed(list(topological_sort(graph))):
            way[node] = 1 + max((way[child] for child in graph.successors(node)), default=0)
        return {node: (-way[node], -graph.in_degree(node)) for node in way}

    with in_its_place((GraphQueue, "_get_scores", scores)):
        yield


def _once_in_a_thread(make: Callable[..., Any], key: Callable[..., Hashable]) -> Callable[..., Any]:
    """Make something once for each key of its arguments; threads share none, for parsers remember what they are at."""
    made = threading.local()

    def kept(*arguments: Any) -> Any:  # noqa: ANN401
        known = made.__dict__.setdefault("known", {})
        place = key(*arguments)
        if place not in known:
            known[place] = make(*arguments)
        return known[place]

    return kept


def _load(file: Path) -> dict[str, Any]:
    """What a run before has kept; nothing, if there is no such file or it is none that was written to its end."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        templates = marshal.loads(file.read_bytes())  # noqa: S302 - in a folder of ours
        if isinstance(templates, dict):
            return templates
    return {}


def _store(file: Path, templates: dict[str, Any]) -> None:
    """Keep templates for the next run; one that ends at the same time keeps its own in their place, or loses them."""
    making = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(OSError):
        making.write_bytes(marshal.dumps(templates))
        making.replace(file)
