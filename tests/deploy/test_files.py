"""Every file of `deploy/` is accepted by the program that reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from dagster import Field
from dagster._config import process_config
from dagster._core.instance.config import dagster_instance_config
from dagster._core.workspace.config_schema import process_workspace_config

from resources.postgresql_storage import PooledPostgreSQLStorage

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SCRIPTS = Path(sys.executable).parent
SERVICES = sorted(path.name for path in (DEPLOY / "systemd").glob("cf-*.service"))
UNITS = sorted(path.name for path in (DEPLOY / "systemd").glob("cf-*.*") if path.is_file())
MOST_EXPOSURE = 2.5
"""Of systemd's scale from 0 to 10, which says what a service that was broken into could reach."""


def output_of(*command: str, **environment: str) -> str:
    """What a program prints; fails when it finds fault."""
    ended = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | environment)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout + ended.stderr


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units in a folder, their programs those of this installation."""
    folder = tmp_path / "units"
    shutil.copytree(DEPLOY / "systemd", folder)
    for path in folder.glob("*.service"):
        text = path.read_text().replace("/srv/cf-pipeline/.venv/bin", str(SCRIPTS))
        path.write_text(text.replace("/srv/cf-pipeline", str(ROOT)))
    return folder


@pytest.mark.parametrize("unit", [*UNITS, "cf-pipeline.target"])
def test_systemd_accepts_each_unit(units: Path, unit: str) -> None:
    path = f"{units}:/lib/systemd/system"
    assert output_of("systemd-analyze", "verify", str(units / unit), SYSTEMD_UNIT_PATH=path) == ""


def test_systemd_finds_fault_with_a_program_that_is_not_there(units: Path) -> None:
    unit = units / "cf-daemon.service"
    unit.write_text(unit.read_text().replace("dagster-daemon", "no-such-program"))
    ended = subprocess.run(
        ["systemd-analyze", "verify", str(unit)],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{units}:/lib/systemd/system"},
    )
    assert "no-such-program" in ended.stderr


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "cf-daemon-restart.service"])
def test_a_service_that_was_broken_into_reaches_little(units: Path, service: str) -> None:
    said = output_of(
        "systemd-analyze", "security", "--offline=true", str(units / service), SYSTEMD_UNIT_PATH=str(units)
    )  # fmt: skip
    words = said[said.index("Overall exposure level") :].split()
    limit = MOST_EXPOSURE if service != "cf-backup.service" else 4.0  # it reads what only root may
    assert float(words[words.index(f"{service}:") + 1]) <= limit, said


def test_files_that_a_service_makes_are_its_user_s_alone() -> None:
    common = (DEPLOY / "systemd" / "cf-.service.d" / "common.conf").read_text()
    assert "UMask=0077\n" in common
    assert "User=cf-pipeline\n" in common


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_goes_on_has_a_limit_of_memory_and_is_started_again(service: str) -> None:
    text = (DEPLOY / "systemd" / service).read_text()
    if "Type=oneshot" not in text:
        assert "MemoryMax=" in text
        assert "Restart=always" in text


@pytest.mark.parametrize("folder", ["dagster", "kubernetes"])
def test_dagster_accepts_its_configuration(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for line in (DEPLOY / "systemd" / "environment").read_text().splitlines():
        name, _, value = line.partition("=")
        if name.startswith("DAGSTER_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("IMAGE_OF_RUNS", "registry.example/cf-pipeline:1")
    shutil.copy(DEPLOY / folder / "dagster.yaml", tmp_path)
    config, custom = dagster_instance_config(str(tmp_path))
    assert custom is None
    storage = config["storage"]["custom"]
    assert (storage["module"], storage["class"]) == (
        PooledPostgreSQLStorage.__module__,
        PooledPostgreSQLStorage.__name__,
    )
    accepted = Field(PooledPostgreSQLStorage.config_type()).config_type
    assert process_config(accepted, storage["config"]).success
    assert not process_config(accepted, storage["config"] | {"nonsense": 1}).success
    assert storage["config"]["postgres_db"]["params"] == {"sslmode": "require"}
    assert storage["config"]["postgres_db"]["scheme"] == "postgresql+psycopg2"


def test_the_launcher_of_kubernetes_accepts_its_configuration() -> None:
    from dagster_k8s import K8sRunLauncher

    written = yaml.safe_load((DEPLOY / "kubernetes" / "dagster.yaml").read_text())["run_launcher"]["config"]
    os.environ["IMAGE_OF_RUNS"] = "registry.example/cf-pipeline:1"
    checked = process_config(Field(K8sRunLauncher.config_type()).config_type, written)
    assert checked.success, checked.errors
    wrong = process_config(Field(K8sRunLauncher.config_type()).config_type, written | {"job_nonsense": 1})
    assert not wrong.success


@pytest.mark.parametrize("folder", ["dagster", "compose", "kubernetes"])
def test_dagster_accepts_the_workspace(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CODE_SERVER_PORT", "4266")
    workspace = yaml.safe_load((DEPLOY / folder / "workspace.yaml").read_text())
    assert process_workspace_config(workspace).success


def test_docker_compose_accepts_its_file() -> None:
    passwords = dict.fromkeys(("POSTGRES_PASSWORD", "DAGSTER_PASSWORD", "WAREHOUSE_PASSWORD"), "x")
    shown = output_of("docker-compose", "-f", str(DEPLOY / "compose" / "compose.yaml"), "config", **passwords)
    services = yaml.safe_load(shown)["services"]
    of_units = {name.removeprefix("cf-").removesuffix(".service") for name in SERVICES}
    assert set(services) - {"postgresql"} == of_units - {"backup", "daemon-restart"}
    ports = [str(port) for service in services.values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.parametrize("name", ["base.yaml", "services.yaml"])
def test_kubernetes_accepts_its_manifests(name: str) -> None:
    said = output_of(str(SCRIPTS / "kubernetes-validate"), "--strict", str(DEPLOY / "kubernetes" / name))
    assert "passed" in said


def nginx_configuration(folder: Path, changes: Mapping[str, str] | None = None) -> Path:
    """nginx's configuration in a folder, with a certificate; `changes` are old text -> new text."""
    output_of(
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=figures",
        "-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem"),
    )  # fmt: skip
    places = {"/etc/cf-pipeline/tls": str(folder), "/etc/nginx/cf-pipeline": str(folder)}
    for name in ("login.conf", "cf-pipeline.conf"):
        text = (DEPLOY / "nginx" / name).read_text()
        for old, new in (places | dict(changes or {})).items():
            text = text.replace(old, new)
        (folder / name).write_text(text)
    path = folder / "nginx.conf"
    path.write_text(
        f"pid {folder}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\n  access_log off;\n  include {folder}/cf-pipeline.conf;\n}}\n"
    )
    return path


def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    assert "test is successful" in output_of("nginx", "-t", "-c", str(nginx_configuration(tmp_path)))
