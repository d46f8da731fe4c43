"""What a reader calls each code: the official wording without its letter and code, else the plain label."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from cf_pipeline.contracts.codes import codes_of

NO_WORDING = "CodeError"
"""What Ofsted's own list says of X1, which only changes the episode."""
_LIST_LETTER = re.compile(r"^[a-z]{1,2}\d?\)\s*")


@cache
def code_labels(code_set: str) -> dict[str, str]:
    """The label of each code of a set, in its order; KeyError names a set that does not exist.

    The plain label stands in where the official wording is missing, the code alone or another code's too.
    """
    codes = codes_of(code_set)
    official = {code.code: _without_code(code.official, code.code) for code in codes}
    shared = Counter(official.values())
    return {
        code.code: wording
        if wording not in ("", NO_WORDING, code.code) and shared[wording] == 1
        else code.label[:1].upper() + code.label[1:]
        for code, wording in zip(codes, official.values(), strict=True)
    }


def _without_code(official: str, code: str) -> str:
    """'Male' of 'a) Male', 'Abuse or neglect' of 'N1 - Abuse or neglect'."""
    text = _LIST_LETTER.sub("", official).strip()
    return re.sub(rf"^{re.escape(code)}\s*[:-]\s*", "", text)
