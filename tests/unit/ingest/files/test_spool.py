"""The copy of a delivered file and what was read of it have no name that could stay behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

KILLED_WHILE_READING = """
import sys
from pathlib import Path
from cf_pipeline.ingest.files import read_file
from cf_pipeline.ingest.files.limits import DEFAULT_LIMITS
read_file.PARSER_PROGRAM = "import os, signal; os.kill(os.getppid(), signal.SIGKILL)"
read_file.read_file(Path(sys.argv[1]), DEFAULT_LIMITS)
"""


def test_a_process_killed_while_it_reads_a_file_leaves_nothing(tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    file = tmp_path / "contacts.csv"
    file.write_text("Child Unique ID\nA1\n")
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_READING, str(file)],
        env={"TMPDIR": str(temporary)},
        cwd=Path(__file__).parents[4],
        check=False,
        capture_output=True,
    )
    assert ended.returncode == -signal.SIGKILL
    assert list(temporary.iterdir()) == []
