"""The log line of a failed step: one sentence with the authority and the reason."""

from __future__ import annotations

import dagster as dg

from resources.lake import PARTITION_TAG


@dg.failure_hook(name="log_failure")
def log_failure(context: dg.HookContext) -> None:
    """Log one sentence: the authority, the step and the reason."""
    error = context.op_exception
    description = error.description if isinstance(error, dg.Failure) else None
    authority = _authority(context) or "all authorities"
    context.log.error(
        description or f"{authority}: {failure_sentence(context.op.name, type(error).__name__)}"
    )


def failure_sentence(step: str, kind: str) -> str:
    """One sentence for an unexpected error: its kind, never its text."""
    return f"step {step} stopped ({kind}); what was published before stays."


def _authority(context: dg.HookContext) -> str | None:
    run = context.instance.get_run_by_id(context.run_id)
    return run.tags.get(PARTITION_TAG) if run else None
