"""Where Dagster's pages load these definitions from: every run names it, also those of the command line."""

from __future__ import annotations

import sys

from dagster._core.definitions.repository_definition import SINGLETON_REPOSITORY_NAME
from dagster._core.remote_origin import (
    ManagedGrpcPythonEnvCodeLocationOrigin,
    RemoteJobOrigin,
    RemoteRepositoryOrigin,
)
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin

LOCATION, MODULE = "children-and-families", "assets.definitions"
"""As in workspace.yaml."""


def job_origin(job: str) -> RemoteJobOrigin:
    """What a run names as the origin of its job: by it the pages find the job that a run belongs to."""
    target = LoadableTargetOrigin(executable_path=sys.executable, module_name=MODULE)
    location = ManagedGrpcPythonEnvCodeLocationOrigin(target, LOCATION)
    return RemoteJobOrigin(RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME), job)
