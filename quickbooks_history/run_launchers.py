"""The run launchers of servers, which leave the runs of commands alone: those have processes of their own.

Dagster's run monitoring asks the launcher for a run's container or task. A command, as `docker compose run --rm qbh
load`, executes its run itself: there is neither, and the run would be failed while it is at work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster_celery.launcher import CeleryRunLauncher
from dagster_celery.tags import DAGSTER_CELERY_TASK_ID_TAG
from dagster_docker import DockerRunLauncher
from dagster_docker.docker_run_launcher import DOCKER_CONTAINER_ID_TAG

from quickbooks_history.run_records import is_process_of_qbh

if TYPE_CHECKING:
    from dagster import DagsterInstance, DagsterRun


class _LeavesCommandsAlone:
    """A launcher that knows which runs are none of its own."""

    LAUNCHED_TAG: ClassVar[str]
    """Run tag that the launcher puts on each run that it launches."""

    if TYPE_CHECKING:
        _instance: DagsterInstance

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Take a command's process to live: whether it does, `report_dead_runs` knows by its lock."""
        if self._is_command(run):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        result: CheckRunHealthResult = super().check_run_worker_health(run)  # type: ignore[misc]
        return result

    def terminate(self, run_id: str) -> bool:
        """End a run, but for a command: its process is out of reach, and goes on whatever Dagster says of the run."""
        run = self._instance.get_run_by_id(run_id)
        if run is not None and not run.is_finished and self._is_command(run):
            self._instance.report_engine_event(
                "A command of qbh is stopped where it runs, with Ctrl-C.", run, cls=self.__class__
            )
            return False
        terminated: bool = super().terminate(run_id)  # type: ignore[misc]
        return terminated

    def _is_command(self, run: DagsterRun) -> bool:
        return is_process_of_qbh(run) and self.LAUNCHED_TAG not in run.tags


class DockerLauncher(_LeavesCommandsAlone, DockerRunLauncher):
    """Dagster's own, which launches each run in a container."""

    LAUNCHED_TAG = DOCKER_CONTAINER_ID_TAG


class CeleryLauncher(_LeavesCommandsAlone, CeleryRunLauncher):
    """Dagster's own, which hands runs to Celery's workers."""

    LAUNCHED_TAG = DAGSTER_CELERY_TASK_ID_TAG
