"""Blocks of the reports as blocks of a page: the same sentences in both."""

from __future__ import annotations

from collections.abc import Sequence

from cf_pipeline.dashboard.content import Block, Text, TextList
from cf_pipeline.outputs.report import model


def text_blocks(blocks: Sequence[model.Block]) -> tuple[Block, ...]:
    """The sentences among the blocks of a report's section, as paragraphs and lists."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, model.Sentences):
            texts = tuple(Text(sentence.text) for sentence in block.sentences)
            found.extend([TextList(texts)] if block.is_list else texts)
    return tuple(found)
