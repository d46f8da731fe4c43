"""Pseudonyms of children and workers: a keyed hash of the id, the same in every delivery."""

from __future__ import annotations

import hmac

import pandas as pd

from cf_pipeline.contracts.list_contract import ListContract

MINIMUM_KEY_BYTES = 32
"""A key as long as the hash: a shorter one can be guessed."""


def pseudonymise(ids: pd.Series, scope: str, key: bytes) -> pd.Series:
    """The HMAC-SHA256 of each id within a scope, 32 hexadecimal characters; missing for a missing id.

    A key is required because a plain hash of a seven-digit id is reversed in seconds.

    Args:
        ids: ids.
        scope: what the ids are unique in, such as an authority; equal ids of two scopes differ.
        key: the secret key.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    if len(key) < MINIMUM_KEY_BYTES:
        raise ValueError("the id key is shorter than 32 bytes; run `cf-pipeline init` to make one")
    codes, distinct = pd.factorize(ids)
    texts = distinct.to_numpy(dtype=object)
    refs = [hmac.digest(key, f"{scope}\x1f{value}".encode(), "sha256").hex()[:32] for value in texts]
    return pd.Series(pd.array([*refs, None], dtype="str").take(codes), index=ids.index, dtype="str")


def pseudonymise_people(ids: pd.Series, contract: ListContract, authority_code: str, key: bytes) -> pd.Series:
    """The pseudonyms of a list's people. Children and adopters never share one, even with equal ids.

    Raises:
        ValueError: the key is shorter than 32 bytes.
    """
    return pseudonymise(ids, people_scope(contract, authority_code), key)


def people_scope(contract: ListContract, authority_code: str) -> str:
    """What the ids of a list's people are unique in: the authority, and who they are unless children."""
    return authority_code if contract.is_about_children else f"{authority_code}:{contract.person}"
