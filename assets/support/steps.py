"""Makes a step of assets from a body that reads, calls the domain once and yields tables.

Belongs here: what every step shares (retries, the failure hook, no cell values in errors).
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dagster as dg
import pandas as pd

from assets.support.hooks import log_failure
from assets.support.policies import RETRIES
from cf_pipeline.errors import PlainError, is_machine_fault, machine_error
from cf_pipeline.project.lake_layout import TableKey
from cf_pipeline.project.unfinished_runs import SOURCE_RUNS, source_runs
from resources.failures import failure_from
from resources.lake import SET_ASIDE, asset_key

Body = Callable[..., Iterator[Any]]
NOTHING_READ: Mapping[str, TableKey] = MappingProxyType({})


def step(
    name: str,
    specs: Sequence[dg.AssetSpec],
    *,
    reads: Mapping[str, TableKey] | None = None,
    checks: Sequence[dg.AssetCheckSpec] = (),
    pool: str | None = None,
) -> Callable[[Body], dg.AssetsDefinition]:
    """A decorator that turns a body into the step that makes `specs`.

    Args:
        name: the step's name in Dagster.
        specs: what it makes; all partitioned by authority, or none.
        reads: parameter name -> table of the lake that it is handed.
        checks: checks it reports; those that block are reported with the table they judge.
        pool: at most one run of a pool works at a time.
    """
    inputs = {parameter: asset_key(key) for parameter, key in (reads or {}).items()}
    deps_of_output = {_output_name(spec.key.path): {dep.asset_key for dep in spec.deps} for spec in specs}
    unclaimed = set(inputs.values()).difference(*deps_of_output.values())
    made_here = {spec.key for spec in specs}
    named_only = set().union(*deps_of_output.values()) - made_here - set(inputs.values())

    def decorate(body: Body) -> dg.AssetsDefinition:
        return dg.multi_asset(
            name=name,
            outs={
                _output_name(spec.key.path): dg.AssetOut.from_spec(
                    spec.replace_attributes(deps=[]), dagster_type=pd.DataFrame
                )
                for spec in specs
            },
            internal_asset_deps={output: keys | unclaimed for output, keys in deps_of_output.items()},
            ins={parameter: dg.AssetIn(key=key) for parameter, key in inputs.items()},
            deps=sorted(named_only),
            check_specs=list(checks),
            partitions_def=specs[0].partitions_def,
            retry_policy=RETRIES,
            hooks={log_failure},
            pool=pool,
        )(without_cell_values(body, reads or {}))

    return decorate


def _output_name(key: Sequence[str]) -> str:
    return "__".join(key)


def table(key: TableKey, frame: pd.DataFrame, **metadata: Any) -> dg.Output[pd.DataFrame]:
    """A table for the lake, under the output name that Dagster gives its key."""
    return dg.Output(frame, output_name=_output_name(key), metadata=metadata)


def set_aside(key: TableKey, frame: pd.DataFrame) -> dg.Output[pd.DataFrame]:
    """A table that failed a blocking check: stored under another name, which no asset reads."""
    return table(key, frame, **{SET_ASIDE: True})


def without_cell_values(body: Body, reads: Mapping[str, TableKey] = NOTHING_READ) -> Body:
    """The body, its unexpected errors reported by kind and place only: their message may quote a cell.

    Each table names the runs that made the tables it was made from (parameter name -> table: `reads`).
    """

    @functools.wraps(body)
    def run_body(*args: Any, **kwargs: Any) -> Iterator[Any]:
        failure = None
        try:
            sources = source_runs({key: kwargs[name] for name, key in reads.items() if name in kwargs})
            for result in body(*args, **kwargs):
                if isinstance(result, dg.Output):
                    result.value.attrs = result.value.attrs | {SOURCE_RUNS: sources}
                yield result
        except (dg.Failure, dg.RetryRequested):
            raise
        except PlainError as error:
            failure = failure_from(error)
        except Exception as error:
            if is_machine_fault(error):
                failure = failure_from(machine_error(f"The step {body.__name__} stopped", error))
            else:
                failure = dg.Failure(f"unexpected {type(error).__name__} at {_place(error)}")
        if failure is not None:  # raised outside the handler: Dagster would record the first error's text
            raise failure

    # Dagster reads annotations as they stand (ours are text until resolved) and takes the type of a
    # single output from the return annotation (ours is the iterator).
    signature = inspect.signature(body, eval_str=True).replace(return_annotation=inspect.Signature.empty)
    del run_body.__dict__["__wrapped__"]
    run_body.__dict__["__signature__"] = signature
    run_body.__annotations__ = {
        name: parameter.annotation
        for name, parameter in signature.parameters.items()
        if parameter.annotation is not inspect.Parameter.empty
    }
    return run_body


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
