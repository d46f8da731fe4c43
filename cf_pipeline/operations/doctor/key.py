"""Checks the key for child ids: there, private, long enough, and the one that the lake was made with."""

from __future__ import annotations

import hmac
import stat
from collections.abc import Mapping

from cf_pipeline.operations.doctor.finding import ATTENTION, FAULT, OK, Finding
from cf_pipeline.project.id_key import FINGERPRINT, fingerprint, fingerprint_path
from cf_pipeline.project.privacy.key_change import is_key_change_begun
from cf_pipeline.project.private_files import OTHERS
from cf_pipeline.project.settings import SECRET, Settings, SettingsError, read_id_key

CHECK = "key"


def check_key(settings: Settings, env: Mapping[str, str]) -> Finding:
    """One finding about the key; the key is told to nobody, and nothing is written."""
    path = settings.key_file
    if SECRET not in env and path.is_file() and stat.S_IMODE(path.stat().st_mode) & OTHERS:
        return Finding(CHECK, FAULT, f"The key file {path} can be read by others.", f"chmod 600 {path}")
    put_back = f"Put your copy of the key back as {path} (mode 0600) or in {SECRET}."
    wrong = ""
    key = None
    try:
        key = read_id_key(path, env)
    except SettingsError as error:
        wrong = str(error)
    if is_key_change_begun(settings.data):
        what = "A change of the key is under way, or was stopped."
        fix = "cf-pipeline run completes it or takes it back, where nobody is at work on it."
        return Finding(CHECK, ATTENTION, what, fix)
    known = _known_fingerprint(settings)
    if key is None and known and not wrong:
        wrong = "The key is lost, and the lake holds records made with it."
    if wrong:
        return Finding(CHECK, FAULT, wrong, put_back)
    if key is None:
        return Finding(CHECK, ATTENTION, "There is no key for child ids yet.", "cf-pipeline init")
    return _compare(key, known, put_back, SECRET if SECRET in env else str(path))


def _compare(key: bytes, in_lake: bytes, put_back: str, place: str) -> Finding:
    """A finding about a key beside the fingerprint of the lake; b'' where there is none yet."""
    if in_lake and not FINGERPRINT.fullmatch(in_lake):
        what = "The fingerprint of the key beside the lake is damaged."
        return Finding(
            CHECK, ATTENTION, what, "cf-pipeline run writes it anew when the key is the right one."
        )
    if in_lake and not hmac.compare_digest(in_lake, fingerprint(key).encode()):
        return Finding(CHECK, FAULT, "The key is not the one with which the lake was made.", put_back)
    made = "the one with which the lake was made" if in_lake else "there; no lake was made with it yet"
    return Finding(CHECK, OK, f"The key of {place} is {made}.")


def _known_fingerprint(settings: Settings) -> bytes:
    path = fingerprint_path(settings)
    return bytes(path.read_bytes()).strip() if path.exists() else b""
