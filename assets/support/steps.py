"""Makes a step of assets from a body that reads, calls the domain once and yields tables.

Belongs here: what every step shares (how it reads and writes the lake, retries, the failure hook, no cell
values in errors).
"""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import dagster as dg
import pandas as pd

from assets.pages.code_references import code_reference
from assets.pages.previews import preview_metadata
from assets.support.hooks import log_failure
from assets.support.partitions import AUTHORITY
from assets.support.policies import RETRIES
from cf_pipeline.errors import PlainError, is_machine_fault, machine_error, path_sentence
from cf_pipeline.project.lake_layout import TableKey, is_of_one_authority
from resources.failures import failure_from
from resources.lake import Lake, asset_key

Body = Callable[..., Iterator[Any]]
NOTHING_READ: Mapping[str, TableKey] = MappingProxyType({})
CONTEXT, LAKE = "context", "lake"


@dataclass(frozen=True)
class StepTable:
    """A table that a step has made, and what Dagster records of it besides its rows and its path."""

    key: TableKey
    frame: pd.DataFrame
    metadata: Mapping[str, Any]
    is_set_aside: bool = False


def step(
    name: str,
    specs: Sequence[dg.AssetSpec],
    *,
    reads: Mapping[str, TableKey] = NOTHING_READ,
    checks: Sequence[dg.AssetCheckSpec] = (),
    pool: str | None = None,
) -> Callable[[Body], dg.AssetsDefinition]:
    """A decorator that turns a body into the step that makes `specs`.

    The body yields `table(...)` and results of checks. Its parameters are any of `context`, resources by
    their names, and those of `reads`. A step of all authorities gets `{authority: frame}` of a table that
    each authority has. A body with the parameter `lake` may read tables itself, as late as it needs them.

    Args:
        name: the step's name in Dagster.
        specs: what it makes; all partitioned by authority, or none.
        reads: parameter name -> table of the lake that it is handed.
        checks: checks it reports, by authority as its tables; those that block are reported with the table
            they judge.
        pool: at most one run of a pool works at a time.
    """
    read_keys = [asset_key(key) for key in reads.values()]
    named = {dep.asset_key for spec in specs for dep in spec.deps}
    of_every_table = [key for key in read_keys if key not in named]
    partitions = specs[0].partitions_def

    def decorate(body: Body) -> dg.AssetsDefinition:
        source = {"dagster/code_references": code_reference(body)}
        return dg.multi_asset(
            name=name,
            specs=[
                spec.replace_attributes(deps=[*spec.deps, *of_every_table]).merge_attributes(metadata=source)
                for spec in specs
            ],
            check_specs=[check._replace(partitions_def=partitions) for check in checks],
            retry_policy=RETRIES,
            hooks={log_failure},
            pool=pool,
        )(_step_body(body, reads, is_partitioned=partitions is not None))

    return decorate


def table(key: TableKey, frame: pd.DataFrame, **metadata: Any) -> StepTable:
    """A table for the lake, with what Dagster records of it."""
    return StepTable(key, frame, metadata)


def set_aside(key: TableKey, frame: pd.DataFrame) -> StepTable:
    """A table that failed a blocking check: stored under another name, which no step reads."""
    return StepTable(key, frame, {}, is_set_aside=True)


def without_cell_values(body: Body) -> Body:
    """The body, its unexpected errors reported by kind and place only: their message may quote a cell."""

    @functools.wraps(body)
    def run_body(*args: Any, **kwargs: Any) -> Iterator[Any]:
        failure = None
        try:
            yield from body(*args, **kwargs)
        except (dg.Failure, dg.RetryRequested):
            raise
        except PlainError as error:
            failure = failure_from(error)
        except Exception as error:
            if is_machine_fault(error):
                failure = failure_from(machine_error(f"The step {body.__name__} stopped", error))
            elif isinstance(error, OSError) and (sentence := path_sentence(error)):
                failure = dg.Failure(sentence, allow_retries=False)
            else:
                failure = dg.Failure(f"unexpected {type(error).__name__} at {_place(error)}")
        if failure is not None:  # raised outside the handler: Dagster would record the first error's text
            raise failure

    return run_body


def _step_body(body: Body, reads: Mapping[str, TableKey], *, is_partitioned: bool) -> Body:
    """What Dagster calls: it reads the tables, runs the body, and writes each table that the body yields."""
    signature = inspect.signature(body, eval_str=True)

    @functools.wraps(body)
    def read_and_write(context: dg.AssetExecutionContext, **resources: Any) -> Iterator[Any]:
        lake, kwargs = resources[LAKE], {CONTEXT: context} | resources
        lake.start_step()
        tables = {name: _read(context, lake, key, is_partitioned) for name, key in reads.items()}
        given = {name: value for name, value in kwargs.items() if name in signature.parameters}
        for result in body(**given, **tables):
            yield _write(context, lake, result) if isinstance(result, StepTable) else result

    run_body = without_cell_values(read_and_write)
    parameters = _parameters_for_dagster(signature, reads)
    del run_body.__dict__["__wrapped__"]
    run_body.__dict__["__signature__"] = inspect.Signature(parameters)
    run_body.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run_body


def _parameters_for_dagster(
    signature: inspect.Signature, reads: Mapping[str, TableKey]
) -> list[inspect.Parameter]:
    """The context, the lake and the body's other resources: Dagster hands over what is annotated here."""
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    own = [
        parameter
        for name, parameter in signature.parameters.items()
        if name not in (CONTEXT, LAKE, *reads) and parameter.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    return [
        inspect.Parameter(CONTEXT, kind, annotation=dg.AssetExecutionContext),
        inspect.Parameter(LAKE, kind, annotation=Lake),
        *own,
    ]


def _read(
    context: dg.AssetExecutionContext, lake: Lake, key: TableKey, is_partitioned: bool
) -> pd.DataFrame | dict[str, pd.DataFrame]:
    """One frame; in a step of all authorities, `{authority: frame}` of a table that each authority has."""
    if is_partitioned or not is_of_one_authority(key):
        return lake.read(key)
    return lake.read_each(key, sorted(context.instance.get_dynamic_partitions(AUTHORITY)))


def _write(context: dg.AssetExecutionContext, lake: Lake, output: StepTable) -> dg.MaterializeResult[Any]:
    key = asset_key(output.key)
    recorded = lake.write(output.key, output.frame, is_set_aside=output.is_set_aside)
    shown = {**preview_metadata(output.key, output.frame), **output.metadata, **recorded}
    context.add_asset_metadata(shown, asset_key=key)
    return dg.MaterializeResult(asset_key=key)  # what is given here Dagster records twice


def _place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename]
    last = (ours or frames)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"
