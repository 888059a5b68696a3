"""Failed runs, told to whoever should know."""

from __future__ import annotations

import json
import time
import urllib.request

import dagster as dg

from quickbooks_history.run_records import why_it_failed
from quickbooks_history.settings import Settings

ATTEMPTS = 3
"""How often an alert is posted that does not get through."""


@dg.run_failure_sensor(
    minimum_interval_seconds=Settings().sensor_seconds,
    default_status=(dg.DefaultSensorStatus.RUNNING if Settings().alert_webhook else dg.DefaultSensorStatus.STOPPED),
    description="Posts failed runs to `QBH_ALERT_WEBHOOK`; on by default where that is set.",
)
def failures_told(context: dg.RunFailureSensorContext) -> None:
    """Post what failed and why.

    Raises:
        OSError: It did not get through.
    """
    settings = Settings()
    if settings.alert_webhook is None:
        context.log.warning("QBH_ALERT_WEBHOOK is not set: nobody is told")
        return
    run = context.dagster_run
    why = [why_it_failed(event) for event in context.get_step_failure_events()]
    reason = (why or [context.failure_event.message or "no reason was given"])[0]
    link = f"http://{settings.host}:{settings.port}/runs/{run.run_id}"
    alert = {
        "text": f"{run.job_name} failed: {reason}\n{link}",
        "job": run.job_name,
        "run_id": run.run_id,
        "reason": reason,
        "url": link,
    }
    _post(settings.alert_webhook, json.dumps(alert).encode())


def _post(url: str, body: bytes) -> None:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - the user's own
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - the user's own
                return
        except OSError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
