"""Authorities whose folders hold what is no file that can be read, each beside a good delivery."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from cf_pipeline.ingest.files import listing
from tests.support.small_deliveries import HEADERS, deliver

CLOSED = "closed"
"""The name of folders that cannot be listed, as with mode 000 for anybody but root."""
REFUSED_IN_DROP_ZONE = {
    "southwark": "it is a link, not a folder; put the folder itself there",
    "brent": "it is not the folder of an authority; put spreadsheets in raw/<authority>/<as-at date>/",
}
CANNOT_BE_SEEN = "the name of the file or of its folder holds characters that cannot be seen; rename it"
CANNOT_BE_OPENED = "the folder could not be opened; check that it is there and may be read"
A_LINK_OR_DEVICE = "it is a link or a device, not a file; put the file itself there"
REFUSED_FILES = {
    r"camden/2020-03-31/na\udcefve.csv": CANNOT_BE_SEEN,
    r"camden/2020-06-30\n/contacts.csv": CANNOT_BE_SEEN,
    "lambeth/2020-03-31/closed": CANNOT_BE_OPENED,
    "islington/2020-03-31/pipe.csv": A_LINK_OR_DEVICE,
    "islington/2020-03-31/socket": A_LINK_OR_DEVICE,
    "islington/2020-06-30": A_LINK_OR_DEVICE,
    "barnet/2020-03-31": "it is a file where the folder of a delivery should be; put the spreadsheets in a "
    "folder of that name",
}
"""Place -> why it is refused, of all that `deliver_odd_folders` makes."""


def deliver_odd_folders(raw: Path) -> None:
    """Deliver to five authorities: the delivery of 2019-12-31 of each is good, what follows is refused."""
    places = {name: deliver(raw, name).parent.parent for name in ("camden", "lambeth", "islington", "barnet")}
    for name in ("camden", "lambeth", "islington"):
        (places[name] / "2020-03-31").mkdir()
    (places["camden"] / "2020-03-31" / os.fsdecode(b"na\xefve.csv")).write_text(HEADERS)
    (places["camden"] / "2019-12-31" / os.fsdecode(b"na\xefve.txt")).write_text("a note")
    (places["camden"] / "2020-06-30\n").mkdir()
    (places["camden"] / "2020-06-30\n" / "contacts.csv").write_text(HEADERS)
    (places["lambeth"] / "2020-03-31" / CLOSED).mkdir()
    os.mkfifo(places["islington"] / "2020-03-31" / "pipe.csv")
    here = Path.cwd()
    os.chdir(places["islington"] / "2020-03-31")  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
    os.chdir(here)
    (places["islington"] / "2020-06-30").symlink_to(raw / "nowhere")
    (places["barnet"] / "2020-03-31").write_text("a note")
    (raw / "southwark").symlink_to(places["lambeth"])
    (raw / "brent").write_text("a note")
    (raw / CLOSED).mkdir()


def close_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every folder called `CLOSED` refuse to be listed."""
    list_folder = listing.list_folder

    def refuse(folder: Path) -> list[listing.Entry]:
        if folder.name == CLOSED:
            raise PermissionError(13, "Permission denied", str(folder))
        return list_folder(folder)

    monkeypatch.setattr(listing, "list_folder", refuse)
