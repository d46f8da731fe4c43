"""The label of each code for readers: its official wording without letter and code, else its plain label."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from cf_pipeline.contracts.codes import codes_of

NO_WORDING = "CodeError"
"""The wording of X1, a change of episode, in Ofsted's own list."""
_LIST_LETTER = re.compile(r"^[a-z]{1,2}\d?\)\s*")


@cache
def code_labels(code_set: str) -> dict[str, str]:
    """The label of each code of a set, in its order; KeyError names a set that does not exist.

    The plain label is used where the official wording is missing, is only the code, or is another code's too.
    """
    codes = codes_of(code_set)
    official = {code.code: _wording_alone(code.official, code.code) for code in codes}
    shared = Counter(official.values())
    return {
        code.code: wording
        if wording not in ("", NO_WORDING, code.code) and shared[wording] == 1
        else code.label[:1].upper() + code.label[1:]
        for code, wording in zip(codes, official.values(), strict=True)
    }


def _wording_alone(official: str, code: str) -> str:
    """'Male' of 'a) Male', 'Abuse or neglect' of 'N1 - Abuse or neglect'."""
    text = _LIST_LETTER.sub("", official).strip()
    return re.sub(rf"^{re.escape(code)}\s*[:-]\s*", "", text)
