"""The files of the product, for a test that changes them."""

from __future__ import annotations

from cf_pipeline.project import input_hash


def forget_product() -> None:
    """As in a new process: the files of the product are looked at again."""
    input_hash.product_hash.cache_clear()
    input_hash._all_product_files.cache_clear()
