"""Every list contract: one TOML file a list under `lists/`, loaded once and checked.

Adding a list is adding its file (`docs/adding_a_list.md`); reading, cleaning, merging, checks and documents
follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import resources

from cf_pipeline.contracts.list_contract import DATE_TYPES, ListContract
from cf_pipeline.contracts.read_list import ListContractError, read_list


@cache
def list_contracts() -> dict[str, ListContract]:
    """Every list contract by name, Annex A lists first in their order, then the local lists by name.

    Raises:
        ListContractError: a TOML is wrong; the sentence names the list and the key.
    """
    folder = resources.files("cf_pipeline.contracts") / "lists"
    contracts = [
        read_list(path.name.removesuffix(".toml"), path.read_text(encoding="utf-8"))
        for path in sorted(folder.iterdir(), key=lambda path: path.name)
        if path.name.endswith(".toml")
    ]
    contracts.sort(key=lambda contract: (contract.number is None, contract.number or 0))
    found = {contract.name: contract for contract in contracts}
    for fault in _faults(found):
        raise ListContractError(f"{fault}.")
    return found


def _faults(contracts: dict[str, ListContract]) -> Iterator[str]:
    """What is wrong between the lists, in words without a full stop."""
    numbers = [contract.number for contract in contracts.values() if contract.number is not None]
    ranks = [contract.demographics_rank for contract in contracts.values() if contract.demographics_rank]
    for name, contract in contracts.items():
        if numbers.count(contract.number or 0) > 1:
            yield f"list {name}: number {contract.number} is another list's too"
        if ranks.count(contract.demographics_rank or 0) > 1:
            yield f"list {name}: demographics_rank {contract.demographics_rank} is another list's too"
        if contract.sample_from is not None and contract.sample_from not in contracts:
            yield f"list {name}: sample_from names {contract.sample_from}, which is no list"
        elif contract.sample_from is not None and contracts[contract.sample_from].sample_from is not None:
            yield f"list {name}: sample_from names {contract.sample_from}, which has a sample_from itself"
        for column in contract.columns:
            counts, where = column.counts, f"list {name}: column {column.name} counts"
            if counts is not None and counts.list not in contracts:
                yield f"{where} {counts.list}, which is no list"
            elif counts is not None and counts.date not in contracts[counts.list].names_of_type(*DATE_TYPES):
                yield f"{where} {counts.date}, which is no date of {counts.list}"
