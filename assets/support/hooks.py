"""What is said when a step fails: one sentence, with the authority and the reason."""

from __future__ import annotations

import dagster as dg

from resources.lake import PARTITION_TAG


@dg.failure_hook(name="say_what_failed")
def say_what_failed(context: dg.HookContext) -> None:
    """Log one clean sentence: whose run, which step, why."""
    error = context.op_exception
    told = error.description if isinstance(error, dg.Failure) else None
    whose = _authority(context) or "all authorities"
    context.log.error(told or f"{whose}: {failure_sentence(context.op.name, type(error).__name__)}")


def failure_sentence(step: str, kind: str) -> str:
    """One sentence on an unexpected error, by its kind and never by its text."""
    return f"step {step} stopped ({kind}); what was published before stays."


def _authority(context: dg.HookContext) -> str | None:
    run = context.instance.get_run_by_id(context.run_id)
    return run.tags.get(PARTITION_TAG) if run else None
