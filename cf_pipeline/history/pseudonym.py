"""Pseudonyms of children: a keyed hash, the same in every delivery, meaningless without the key."""

from __future__ import annotations

import hashlib
import hmac

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract

MINIMUM_KEY_BYTES = 32


def person_refs(ids: pd.Series, scope: str, key: bytes) -> pd.Series:
    """HMAC-SHA256 of each id within a scope (an authority), 32 hexadecimal characters.

    A plain hash of a seven-digit id is undone in seconds, so the key is required.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    if len(key) < MINIMUM_KEY_BYTES:
        raise ValueError("the id key is shorter than 32 bytes; run `cf-pipeline init` to make one")
    codes, distinct = pd.factorize(ids)
    refs = [
        hmac.new(key, f"{scope}\x1f{value}".encode(), hashlib.sha256).hexdigest()[:32] for value in distinct
    ]
    return pd.Series(pd.array([*refs, None], dtype="str").take(codes), index=ids.index, dtype="str")


def list_person_refs(ids: pd.Series, contract: ListContract, authority_code: str, key: bytes) -> pd.Series:
    """The pseudonyms of a list's people; adopters and children never share one, whatever their ids.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    scope = authority_code if contract.is_about_children else f"{authority_code}:{contract.person}"
    return person_refs(ids, scope, key)
