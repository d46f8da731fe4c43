"""Plain errors of the domain as Dagster's failures: the same sentence, and whether trying again may help."""

import dagster as dg

from cf_pipeline.errors import PlainError


def failure_from(error: PlainError) -> dg.Failure:
    """A failure with the error's sentence; Dagster tries the step again only where waiting may help."""
    return dg.Failure(str(error), allow_retries=error.may_pass)
