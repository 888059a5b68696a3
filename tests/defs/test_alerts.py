"""A failed run is told to a web hook: a real HTTP server, that fails twice before it listens."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any

import dagster as dg

from quickbooks_history.defs import alerts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest


@contextmanager
def web_hook(*, refusals: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Listen on loopback.

    Yields:
        The address, and what is posted to it.
    """
    answers = iter([503] * refusals)
    heard: list[dict[str, Any]] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = next(answers, 200)
            if status == 200:
                heard.append(json.loads(body))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Hook) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
        server.shutdown()


def test_a_failed_run_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    @dg.op
    def load() -> None:
        raise dg.Failure("Meltano failed: items.csv is gone")

    @dg.job
    def load_exports() -> None:
        load()

    monkeypatch.setattr(alerts.time, "sleep", lambda _: None)
    with dg.DagsterInstance.ephemeral() as instance, web_hook(refusals=2) as (url, heard):
        monkeypatch.setenv("QBH_ALERT_WEBHOOK", url)
        result = load_exports.execute_in_process(instance=instance, raise_on_error=False)
        context = dg.build_run_status_sensor_context(
            sensor_name="failures_told",
            dagster_event=result.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=result.dagster_run,
        ).for_run_failure()
        alerts.failures_told(context)
    link = f"http://127.0.0.1:3000/runs/{result.run_id}"
    assert heard == [
        {
            "text": f"load_exports failed: load: Meltano failed: items.csv is gone\n{link}",
            "job": "load_exports",
            "run_id": result.run_id,
            "reason": "load: Meltano failed: items.csv is gone",
            "url": link,
        }
    ]
