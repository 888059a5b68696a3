"""What dbt is spared: it logs what it logged, and renders what it rendered."""

from __future__ import annotations

import io
import json
import marshal
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import networkx
import pytest
from dbt.adapters.base.impl import BaseAdapter
from dbt.graph.queue import GraphQueue
from dbt.tracking import track_behavior_change_warn
from dbt_common.clients import agate_helper, jinja
from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.logger import LineFormat, LoggerConfig, _JsonLogger
from dbt_common.events.types import Formatting, Note, PrintEvent
from dbt_common.exceptions import CompilationError
from dbt_common.exceptions.events import EventCompilationError

from quickbooks_history.lean_dbt import kept_contexts, kept_templates, logged_events_alone, longest_way_first

TEMPLATE = "{% macro twice(x) %}{{ x }}{{ x }}{% endmacro %}{{ dbt_macro__twice(word) }}"


@pytest.fixture
def made(monkeypatch) -> list[str]:
    """The events that dbt has made, and the lines that it has made of them."""
    seen: list[str] = []
    init, create_line = BaseEvent.__init__, _JsonLogger.create_line

    def made_event(self: Any, *args: Any, **kwargs: Any) -> None:
        init(self, *args, **kwargs)
        seen.append(f"event {self.message()}")

    def made_line(self: Any, msg: Any) -> str:
        seen.append(f"line {msg.info.msg}")
        return create_line(self, msg)

    monkeypatch.setattr(BaseEvent, "__init__", made_event)
    monkeypatch.setattr(_JsonLogger, "create_line", made_line)
    return seen


def manager_of(level: EventLevel) -> tuple[EventManager, io.StringIO]:
    manager, stream = EventManager(), io.StringIO()
    manager.add_logger(LoggerConfig("lean", level=level, output_stream=stream, line_format=LineFormat.Json))
    return manager, stream


@pytest.mark.parametrize(
    ("level", "logged"),
    [
        (EventLevel.DEBUG, ["unseen", "seen", "", "printed", "warned"]),
        (EventLevel.INFO, ["seen", "", "printed", "warned"]),
        (EventLevel.ERROR, ["printed"]),
    ],
)
def test_events_are_made_that_are_logged(made: list[str], level: EventLevel, logged: list[str]) -> None:
    manager, stream = manager_of(level)

    def fire() -> list[str]:
        manager.fire_event(Note(msg="unseen"), level=EventLevel.DEBUG)
        manager.fire_event(Note(msg="seen"), level=EventLevel.INFO)
        manager.fire_event(Formatting(""))
        manager.fire_event(PrintEvent(msg="printed"))
        manager.fire_event(Note(msg="warned"), level=EventLevel.WARN)
        lines = [json.loads(line)["info"]["msg"] for line in stream.getvalue().splitlines()]
        stream.truncate(stream.seek(0))
        return lines

    plainly, init = fire(), BaseEvent.__init__
    made.clear()
    with logged_events_alone():
        assert fire() == plainly == logged
    assert {word.removeprefix("event ") for word in made if word.startswith("event ")} == {*logged, "warned"}
    assert BaseEvent.__init__ is init


def test_an_event_is_made_when_it_is_asked(made: list[str]) -> None:
    with logged_events_alone():
        asked, told = Note(msg="one"), Note(msg="one")
        assert not made
        assert asked.msg == "one"
        told.msg = "two"
        assert told.message() == "two"
        assert asked.to_dict() == {"msg": "one"}
        with pytest.raises(AttributeError):
            asked.nothing  # noqa: B018 - it is asked for
    assert made == ["event one", "event one"]


def test_what_somebody_listens_for_or_would_be_an_error_is_made(made: list[str]) -> None:
    manager, _ = manager_of(EventLevel.ERROR)
    manager.add_callback(track_behavior_change_warn)
    with logged_events_alone():
        manager.fire_event(Note(msg="unheard"), level=EventLevel.DEBUG)
        assert not made
        heard: list[str] = []
        manager.add_callback(lambda msg: heard.append(msg.info.msg))
        manager.fire_event(Note(msg="heard"), level=EventLevel.DEBUG)
        assert heard == ["heard"]
        manager.callbacks.clear()
        manager.warn_error = True
        for level in (EventLevel.WARN, EventLevel.DEBUG):
            with pytest.raises(EventCompilationError, match="refused"):
                manager.fire_event(Note(msg="refused"), level=level, force_warn_or_error_handling=True)


@pytest.fixture
def compiled(monkeypatch) -> list[str]:
    """The templates that Jinja has compiled."""
    seen: list[str] = []
    compile_template = jinja.MacroFuzzEnvironment._generate

    def counted(self: Any, source: Any, *arguments: Any, **named: Any) -> Any:
        seen.append(type(self).__name__)
        return compile_template(self, source, *arguments, **named)

    monkeypatch.setattr(jinja.MacroFuzzEnvironment, "_generate", counted)
    return seen


def render(word: str = "ab") -> str:
    return jinja.get_template(TEMPLATE, {}).render({"word": word})


def test_a_template_is_compiled_once_for_all_runs(tmp_path: Path, compiled: list[str]) -> None:
    plain = render()
    assert len(compiled) == 1
    for _ in range(2):
        with kept_templates(tmp_path):
            assert render() == render() == plain
            assert render("c") == "cc"
    assert len(compiled) == 2
    assert render() == plain
    assert len(compiled) == 3


@pytest.mark.parametrize("content", [b"", b"no marshal", marshal.dumps(["no", "templates"])])
def test_a_file_that_is_none_is_made_anew(tmp_path: Path, compiled: list[str], content: bytes) -> None:
    with kept_templates(tmp_path):
        render()
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(content or whole[:100])
    with kept_templates(tmp_path):
        assert render() == "abab"
    assert len(compiled) == 2
    assert len(marshal.loads(kept.read_bytes())) == 1


def test_a_template_that_is_wrong_is_told_every_time(tmp_path: Path) -> None:
    for _ in range(2):
        with kept_templates(tmp_path), pytest.raises(CompilationError, match="Expected an expression"):
            jinja.get_template("{% if %}", {})
    assert not list(tmp_path.iterdir())


def test_where_nothing_can_be_kept_dbt_goes_on(tmp_path: Path) -> None:
    with kept_templates(tmp_path / "missing"):
        assert render() == "abab"


def test_contexts_and_parsers_are_made_once_in_a_thread() -> None:
    generated: list[tuple[str, str | None]] = []

    def generate(macro: Any, config: Any, manifest: Any, package: str | None) -> dict[str, Any]:
        generated.append((macro.package_name, package))
        return {"of": macro.package_name}

    adapter, ours, theirs = SimpleNamespace(), SimpleNamespace(package_name="ours"), SimpleNamespace(package_name="dbt")
    set_generator, make_tester = BaseAdapter.set_macro_context_generator, agate_helper.build_type_tester
    with kept_contexts():
        BaseAdapter.set_macro_context_generator(adapter, generate)
        contexts = [adapter._macro_context_generator(macro, None, None, None) for macro in (ours, theirs, ours)]
        contexts[0]["of"] = "somebody's own"
        again = adapter._macro_context_generator(ours, None, None, None)
        with ThreadPoolExecutor(1) as thread:
            thread.submit(adapter._macro_context_generator, ours, None, None, None).result()
            tester = agate_helper.build_type_tester(["a"])
            assert agate_helper.build_type_tester(["a"]) is tester
            assert agate_helper.build_type_tester(["b"]) is not tester
            assert agate_helper.build_type_tester(["a"], ()) is not tester
            assert thread.submit(agate_helper.build_type_tester, ["a"]).result() is not tester
    assert again == {"of": "ours"}
    assert generated == [("ours", None), ("dbt", None), ("ours", None)], "the last in a thread of its own"
    assert BaseAdapter.set_macro_context_generator is set_generator
    assert agate_helper.build_type_tester is make_tester


def order() -> list[str]:
    """In which order one thread takes up three tables, a view of each, and tests of them."""
    edges = [("log", "versions"), ("versions", "history"), ("versions", "t_versions"), ("history", "t_history")]
    reads_more = [("versions", "t_that_reads_all"), ("history", "t_that_reads_all"), ("log", "t_that_reads_all")]
    graph = networkx.DiGraph([*edges, *reads_more, ("log", "a_view")])
    graph.add_node("a_view_of_nothing")
    queue = GraphQueue(graph, SimpleNamespace(expect=lambda name: name), set(graph))  # type: ignore[arg-type]
    taken = []
    while not queue.empty():
        node: Any = queue.get(block=False)
        taken.append(node)
        queue.mark_done(node)
    return taken


def test_what_most_waits_for_comes_first() -> None:
    dbts_own = order()
    with longest_way_first():
        assert order() == [
            *("log", "versions", "history", "t_that_reads_all"),
            *("a_view", "t_history", "t_versions", "a_view_of_nothing"),
        ]
    assert order() == dbts_own
    assert dbts_own[0] == "a_view_of_nothing"
