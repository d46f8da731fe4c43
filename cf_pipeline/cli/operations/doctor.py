"""`cf-pipeline doctor`: a line a finding, with the fix; the exit status is for a monitoring system."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from cf_pipeline.cli.console import print_line
from cf_pipeline.cli.operations.dagster_records import records_reader
from cf_pipeline.operations.doctor.examination import examine_project
from cf_pipeline.operations.doctor.finding import STATUS, Finding, worst_level
from cf_pipeline.project.settings import find_root


def examine(*, as_json: bool) -> int:
    """Print what is found about the project of the current folder; returns the exit status."""
    root = find_root(Path.cwd())
    findings = examine_project(root, os.environ, records_reader, dt.datetime.now(dt.UTC))
    level = worst_level(findings)
    if as_json:
        print_line(json.dumps({"level": level, "findings": [asdict(finding) for finding in findings]}))
    else:
        for line in finding_lines(findings):
            print_line(line)
    return STATUS[level]


def finding_lines(findings: Sequence[Finding]) -> list[str]:
    """One line a finding: how it ended, the check, what is, and what to do."""
    width = max(len(finding.check) for finding in findings)
    return [
        f"{finding.level:<9}  {finding.check:<{width}}  {finding.what}"
        f"{f' To do: {finding.fix}' if finding.fix else ''}"
        for finding in findings
    ]
