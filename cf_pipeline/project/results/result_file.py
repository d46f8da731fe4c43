"""One result as one file: a line with its hash, its facts as JSON, its tables in Arrow's format, compressed.

Arrow's format has no checksums, so the hash covers every byte after it, and the name under which the file is
kept: half a file, a changed byte, or another result under this name is found.
"""

from __future__ import annotations

import contextlib
import hashlib
import json

import pyarrow as pa

from cf_pipeline.results import Result

_CODEC = "lz4"
"""The tables are compressed together: column by column, small tables took three times as long to unpack."""
_ONE_THREAD = pa.ipc.IpcReadOptions(use_threads=False)
"""Tables of a few hundred rows: handing each column to a thread costs six times as much as unpacking it."""
_FAULTS = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)
"""What reading raises for a content that has its hash and is of another form."""


def write_result(name: str, result: Result) -> bytes:
    """The content of a file.

    Args:
        name: the name under which it is kept.
        result: what to keep.
    """
    parts = [_encode(table) for table in result.tables.values()]
    sizes = {table: len(part) for table, part in zip(result.tables, parts, strict=True)}
    head = json.dumps({"facts": result.facts, "sizes": sizes}).encode()
    body = b"".join([head, b"\n", pa.compress(b"".join(parts), codec=_CODEC, asbytes=True)])
    return _hash(name, body) + b"\n" + body


def read_result(name: str, content: bytes) -> Result | None:
    """The result in the content of a file; None when it is not exactly what was written under the name."""
    digest, _, body = content.partition(b"\n")
    if digest != _hash(name, body):
        return None
    with contextlib.suppress(*_FAULTS):
        head, _, rest = body.partition(b"\n")
        written = json.loads(head)
        unpacked = pa.decompress(rest, sum(written["sizes"].values()), codec=_CODEC)
        tables, start = {}, 0
        for table, size in written["sizes"].items():
            tables[table] = _decode(unpacked.slice(start, size))
            start += size
        return Result(written["facts"], tables)
    return None


def _encode(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _decode(content: pa.Buffer) -> pa.Table:
    return pa.ipc.open_stream(content, options=_ONE_THREAD).read_all()


def _hash(name: str, body: bytes) -> bytes:
    digest = hashlib.sha256(name.encode() + b"\0")
    digest.update(body)
    return digest.hexdigest().encode()
