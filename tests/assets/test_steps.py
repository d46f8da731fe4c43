"""What every step shares: retries, the hook's sentence, and no cell's value in an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from assets.definitions import ASSETS
from assets.support.hooks import failure_sentence
from assets.support.policies import RETRIES
from assets.support.refusals import refusal
from assets.support.steps import without_cell_values
from cf_pipeline.errors import PlainError


def test_every_step_is_tried_again_and_has_the_failure_hook() -> None:
    for asset in ASSETS:
        assert asset.op.retry_policy == RETRIES
        assert [hook.name for hook in asset.hook_defs] == ["log_failure"]


def test_an_unexpected_error_is_told_by_kind_and_place_only() -> None:
    def body() -> Iterator[Any]:
        int("Jane Doe, born 2011-11-11")
        yield

    with pytest.raises(dg.Failure) as raised:
        list(without_cell_values(body)())
    assert "unexpected ValueError at test_steps.py" in str(raised.value.description)
    assert "Jane" not in str(raised.value.description)
    assert raised.value.__context__ is None


def test_a_refusal_is_passed_on_as_it_is_and_not_tried_again() -> None:
    def body() -> Iterator[Any]:
        raise refusal("camden: no delivery found")
        yield

    with pytest.raises(dg.Failure, match="camden: no delivery found") as raised:
        list(without_cell_values(body)())
    assert not raised.value.allow_retries


def test_the_hook_says_one_sentence() -> None:
    assert failure_sentence("clean", "KeyError") == (
        "step clean stopped (KeyError); what was published before stays."
    )


def test_a_plain_error_is_recorded_as_it_is_whatever_its_class() -> None:
    class OneOfOursError(PlainError):
        pass

    def body() -> Iterator[Any]:
        raise OneOfOursError("camden: the file is open in Excel; close it and run again.")
        yield

    with pytest.raises(dg.Failure) as raised:
        list(without_cell_values(body)())
    assert raised.value.description == "camden: the file is open in Excel; close it and run again."
    assert raised.value.__context__ is None
