"""Values of settings that are read in one way wherever they stand, and the error of a wrong one."""

from __future__ import annotations

from cf_pipeline.errors import PlainError


class OperationsSettingsError(PlainError):
    """A setting of alerts or of backups is wrong."""


def whole_number(key: str, value: object) -> int:
    """A number of 0 or more, or its digits.

    Raises:
        OperationsSettingsError: it is none.
    """
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()):
        raise OperationsSettingsError(f"Setting {key}: {value!r} is not a whole number of 0 or more.")
    return int(text)


def switch(key: str, value: object) -> bool:
    """True or false, or the word for it.

    Raises:
        OperationsSettingsError: it is neither.
    """
    text = str(value).strip().lower()
    if text not in ("true", "false"):
        raise OperationsSettingsError(f"Setting {key}: {value!r} is neither true nor false.")
    return text == "true"
