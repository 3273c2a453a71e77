"""The record of every training in MLflow, and the names that versions go by there.

In:    a `Record` of a training; aliases.
Out:   runs, files and registered versions in MLflow: SQLite in the data folder, or the server that was set.
Never: is imported by the web process for its MLflow; is on the path of a number; is waited for longer than seconds.
"""

from __future__ import annotations

import logging
import tempfile
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from forecast_core.errors import RegistryError

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

log = logging.getLogger(__name__)
REQUEST_SECONDS, RETRIES = 10, 1
MOST_PARAMETER = 500
PUBLISHED = "published"


@dataclass(frozen=True)
class Record:
    """One run: what went in, what came out; `files` by path inside the run; `parts` are runs below it."""

    name: str
    parameters: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    parts: tuple[Record, ...] = ()


class Registry:
    """Runs and versions under one name; every call may raise RegistryError, and nothing else depends on it."""

    def __init__(self, uri: str, name: str, artifacts: Path) -> None:
        self._uri, self._name, self._artifacts = uri, name, artifacts

    def log(self, dataset_id: str, record: Record) -> str:
        """Log a training with its parts and return the id of its run."""
        with _Reached(self._uri) as client:
            experiment = self._experiment(client, f"{self._name}-{dataset_id}")
            run = self._run(client, experiment, record, parent="")
            for part in record.parts:
                self._run(client, experiment, part, parent=run)
            return run

    def register(self, dataset_id: str, run: str, folder: str, published: str) -> str:
        """Register the files of a run as a version; `published` is its name on the shelf. Return its number."""
        with _Reached(self._uri) as client:
            name = self.model(dataset_id)
            if not client.search_registered_models(f"name='{name}'"):
                client.create_registered_model(name)
            source = f"{client.get_run(run).info.artifact_uri}/{folder}"
            found = client.create_model_version(name, source, run, tags={PUBLISHED: published})
            return str(found.version)

    def point(self, dataset_id: str, aliases: Mapping[str, str]) -> None:
        """Let each alias name a published version; an alias for "" is taken away."""
        with _Reached(self._uri) as client:
            name = self.model(dataset_id)
            known = {item.tags.get(PUBLISHED): item.version for item in client.search_model_versions(f"name='{name}'")}
            for alias, published in aliases.items():
                if not published:
                    client.delete_registered_model_alias(name, alias)
                elif published in known:
                    client.set_registered_model_alias(name, alias, known[published])
                else:
                    raise RegistryError(f"MLflow does not know the version {published} of {name}.")

    def model(self, dataset_id: str) -> str:
        """Return the name of a data set's registered model."""
        return f"{self._name}-{dataset_id}"

    def _experiment(self, client: MlflowClient, name: str) -> str:
        found = client.get_experiment_by_name(name)
        if found is not None:
            return str(found.experiment_id)
        local = self._uri.startswith("sqlite:")
        return str(client.create_experiment(name, (self._artifacts / name).resolve().as_uri() if local else None))

    def _run(self, client: MlflowClient, experiment: str, record: Record, parent: str) -> str:
        from mlflow.entities import Metric, Param, RunTag

        below = {"mlflow.parentRunId": parent} if parent else {}
        run = str(client.create_run(experiment, run_name=record.name, tags=dict(record.tags) | below).info.run_id)
        client.log_batch(
            run,
            metrics=[Metric(name, value, 0, 0) for name, value in record.metrics.items() if value == value],
            params=[Param(name, str(value)[:MOST_PARAMETER]) for name, value in record.parameters.items()],
            tags=[RunTag("source", "archive-forecast")],
        )
        with tempfile.TemporaryDirectory() as folder:
            for name, content in record.files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            if record.files:
                client.log_artifacts(run, folder)
        client.set_terminated(run)
        return run


class _Reached:
    """A client that gives up after seconds; whatever goes wrong is a RegistryError with the address."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._quiet = warnings.catch_warnings()

    def __enter__(self) -> MlflowClient:
        self._quiet.__enter__()
        warnings.simplefilter("ignore")  # MLflow's own, about the database library under it: not ours to mend
        try:
            from mlflow import environment_variables as variables
            from mlflow.tracking import MlflowClient
        except ImportError as error:
            raise RegistryError(
                "MLflow is not installed here; the training is published but not tracked.",
                hint="Install mlflow-skinny, sqlalchemy and alembic.",
            ) from error
        given: Any = variables  # the setters have no types
        given.MLFLOW_DISABLE_TELEMETRY.set("true")
        given.MLFLOW_HTTP_REQUEST_TIMEOUT.set(REQUEST_SECONDS)
        given.MLFLOW_HTTP_REQUEST_MAX_RETRIES.set(RETRIES)
        logging.getLogger("alembic").setLevel(logging.WARNING)
        logging.getLogger("mlflow").setLevel(logging.WARNING)
        try:
            return MlflowClient(self._uri, self._uri)
        except _faults() as error:
            raise self._error(error) from error

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        self._quiet.__exit__(None, None, None)
        if isinstance(error, _faults()):
            raise self._error(error) from error

    def _error(self, error: BaseException) -> RegistryError:
        first = (str(error).splitlines() or [""])[0][:200]
        return RegistryError(
            f"MLflow at {self._uri} cannot be reached or refused: {first}",
            hint="What is published is served all the same; run `archive-forecast promote` again when MLflow is back.",
        )


def _faults() -> tuple[type[BaseException], ...]:
    """What MLflow, its database and its network raise."""
    from mlflow.exceptions import MlflowException
    from requests.exceptions import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    return MlflowException, RequestException, SQLAlchemyError, OSError
