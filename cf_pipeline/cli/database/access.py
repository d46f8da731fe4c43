"""`cf-pipeline access`: who sees the records and lists of which team."""

from __future__ import annotations

import argparse

from cf_pipeline import warehouse
from cf_pipeline.cli.console import print_line
from cf_pipeline.contracts.authorities import authorities
from cf_pipeline.contracts.words.near_names import did_you_mean
from cf_pipeline.errors import PlainError
from cf_pipeline.project.settings import Settings
from cf_pipeline.warehouse.access import Share

OK = 0
EVERY_AUTHORITY = "every authority"
EVERY_TEAM = "every team, and children without one"
WITHOUT_TEAM = "children without a team"


class ShareError(PlainError):
    """The options do not say what somebody may see."""


def grant_access(settings: Settings, options: argparse.Namespace) -> int:
    """Let a role see what the options name.

    Raises:
        ShareError: they name nothing, or no authority.
        WarehouseError: the server has no such role, or nothing is published of such a team.
    """
    share = _find_share(options)
    if share is None:
        raise ShareError(
            "Say what the role may see: --authority A with --team TEAM or --every-team, or --every-authority."
        )
    why_unbound = warehouse.grant_share(settings.warehouse_url, options.reader, share)
    print_line(f"{options.reader} was granted {_share_words(share)}.")
    if why_unbound:
        print_line(why_unbound)
    return OK


def revoke_access(settings: Settings, options: argparse.Namespace) -> int:
    """Take from a role what the options name, or all that it was granted.

    Raises:
        ShareError: they name no authority.
        WarehouseError: it was not granted.
    """
    share = _find_share(options)
    warehouse.revoke_share(settings.warehouse_url, options.reader, share)
    print_line(f"{options.reader} no longer has {'anything' if share is None else _share_words(share)}.")
    return OK


def list_access(settings: Settings) -> int:
    """Print who sees what, and which teams nobody sees."""
    access = warehouse.find_access(settings.warehouse_url)
    if not access.entries:
        print_line("Nobody was granted anything: only who publishes sees records and lists.")
    for reader, code, team in access.entries:
        what = (
            EVERY_AUTHORITY if code is None else f"{_slug_of(code)}: {EVERY_TEAM if team is None else team}"
        )
        print_line(f"{reader}: {what}")
    for why in access.unbound.values():
        print_line(why)
    for code, teams in access.unseen.items():
        names = ", ".join(WITHOUT_TEAM if team is None else team for team in teams)
        print_line(f"Nobody sees of {_slug_of(code)}: {names}.")
    return OK


def _find_share(options: argparse.Namespace) -> Share | None:
    """What the options name; None where they name nothing.

    Raises:
        ShareError: they contradict each other, or name no authority.
    """
    authority_name, teams = options.authority, tuple(options.teams)
    match (bool(authority_name), bool(teams), options.every_team, options.every_authority):
        case (False, False, False, False):
            return None
        case (False, False, False, True):
            return Share(None)
        case (True, True, False, False) | (True, False, True, False):
            return Share(_code_of(authority_name), teams)
    raise ShareError(
        "Say either --authority A with --team TEAM or --every-team, or --every-authority alone: nothing was "
        "changed."
    )


def _code_of(slug: str) -> str:
    """The GSS code of a local authority.

    Raises:
        ShareError: there is none of that name.
    """
    place = authorities().get(slug)
    if place is None or place.kind != "local_authority":
        raise ShareError(
            f"{slug} is not the folder name of an English local authority; nothing was changed."
            f"{did_you_mean(slug, authorities())}"
        )
    return place.authority_code


def _share_words(share: Share) -> str:
    if share.authority_code is None:
        return EVERY_AUTHORITY
    return f"{_slug_of(share.authority_code)}: {', '.join(share.teams) or EVERY_TEAM}"


def _slug_of(code: str) -> str:
    return next((slug for slug, place in authorities().items() if place.authority_code == code), code)
