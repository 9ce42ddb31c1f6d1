"""`sangkat account`: invite people, give programs tokens, list accounts, end them."""

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import Any, Final, get_args
from uuid import UUID

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from api.access import SCOPES, Role
from api.accounts.records import AccountRow
from api.administration.accounts import (
    PLACED,
    Disabling,
    Enrolled,
    Inviting,
    Issued,
    Listed,
)
from api.commands.options import Commands, add_command, add_groups, read_number
from api.commands.outcomes import DONE, WRONG_USE, Stopped
from api.commands.reaching import call, show
from api.invitations.issuing import Invited
from api.settings import Settings
from sync.keys import PublicJwk, write_public_key

_INVITED = ("owner", "officer", "district", "province", "analyst", "desk", "auditor")
_PROGRAMS: Final = ("client", "node")
_DAYS: Final = range(1, 367)


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    group = add_groups(commands, "account", "people and programs: invite, token, list, disable")
    _add_invite(group)
    _add_token(group)
    listing = add_command(group, "list", "list accounts, with their ids", _list)
    listing.add_argument("--role", choices=get_args(Role), help="only accounts of this role")
    disable = add_command(group, "disable", "end the keys and tokens of an account", _disable)
    disable.add_argument("account", type=UUID, metavar="ID", help="as `account list` shows it")
    disable.add_argument(
        "--reason",
        default="left",
        choices=("replaced", "left", "lost", "stolen"),
        help="why (left); with lost or stolen an officer judges what the phone still sends",
    )


def _add_invite(group: Commands) -> None:
    invite = add_command(group, "invite", "make a code that gives one phone a role", _invite)
    invite.add_argument("--role", required=True, choices=_INVITED, help="what they may do")
    _add_places(invite)


def _add_token(group: Commands) -> None:
    token = add_command(group, "token", "make a token for a program", _token)
    token.add_argument(
        "--role",
        default="client",
        choices=(*_INVITED, *_PROGRAMS),
        help="what it may do (client: an ordinary program)",
    )
    _add_places(token)
    token.add_argument(
        "--scope",
        action="append",
        default=[],
        choices=sorted(SCOPES),
        help="what a program may do; may be repeated",
    )
    token.add_argument(
        "--name", default="program", help="the name of the program, for the list of accounts"
    )
    token.add_argument(
        "--days",
        type=partial(read_number, _DAYS),
        default=30,
        metavar="N",
        help="days until it ends (30)",
    )
    token.add_argument(
        "--key",
        type=Path,
        metavar="FILE",
        help="the public key of a new program (P-256, PEM or JWK): it then signs in with it at"
        " /oauth/token (private_key_jwt), and no token is made",
    )
    token.add_argument(
        "--account",
        type=UUID,
        metavar="ID",
        help="an account that exists, instead of a new one with role, places and name",
    )


def _add_places(parser: argparse.ArgumentParser) -> None:
    said = (
        "where: a commune (psh-c-sangkat-4), a district for all its communes, or the province;"
        f" {', '.join(PLACED)} need one; may be repeated"
    )
    parser.add_argument("--place", action="append", default=[], metavar="PLACE", help=said)


def _check_placed(options: argparse.Namespace) -> None:
    """Name the flag that a role cannot do without."""
    if options.role in PLACED and not options.place:
        why = f"--place is missing: say where the {options.role} is to work"
        raise Stopped(why, WRONG_USE)


def _invite(options: argparse.Namespace, settings: Settings) -> int:
    _check_placed(options)
    body = Inviting(options.role, tuple(options.place))
    invited = call(settings, lambda to: to.ask("POST", "/accounts/invitations", Invited, body))
    print(f"{invited.code}  works once, until {invited.expires_at}")
    return DONE


def _token(options: argparse.Namespace, settings: Settings) -> int:
    if options.key is not None:
        return _enrol(options, settings)
    if options.account is None:
        _check_placed(options)
    body = {**_opening(options), "days": options.days, "account_id": options.account}
    issued = call(settings, lambda to: to.ask("POST", "/accounts/tokens", Issued, body))
    print(issued.token)
    print(f"of account {issued.account_id}, until {issued.expires_at}", file=sys.stderr)
    return DONE


def _enrol(options: argparse.Namespace, settings: Settings) -> int:
    if options.account is not None or options.role not in _PROGRAMS:
        raise Stopped("--key is for a new program (--role client or node)", WRONG_USE)
    _check_placed(options)
    body = {**_opening(options), "key": _read_key(options.key)}
    enrolled = call(settings, lambda to: to.ask("POST", "/accounts/keys", Enrolled, body))
    print(enrolled.kid)
    print(f"is the key of account {enrolled.account_id}; it signs in by itself", file=sys.stderr)
    return DONE


def _opening(options: argparse.Namespace) -> dict[str, Any]:
    return {
        "role": options.role,
        "places": options.place,
        "scopes": options.scope,
        "name": options.name,
    }


def _read_key(path: Path) -> PublicJwk:
    """Return the public key in a file; a private one does not belong here."""
    try:
        content = path.read_bytes()
        if content.lstrip().startswith(b"{"):
            return msgspec.json.decode(content, type=PublicJwk)
        key = load_pem_public_key(content)
        if isinstance(key, EllipticCurvePublicKey):
            return write_public_key(key)
    except OSError as error:
        raise Stopped(f"{path}: {error.strerror}", WRONG_USE) from error
    except (ValueError, UnsupportedAlgorithm):
        pass  # msgspec's errors are ValueErrors; what follows is said of every such file
    raise Stopped(f"{path}: no public P-256 key in PEM or as JWK", WRONG_USE)


def _list(options: argparse.Namespace, settings: Settings) -> int:
    asked = {"role": options.role} if options.role else {}
    rows = call(settings, lambda to: to.ask("GET", "/accounts", list[Listed], **asked))
    heads = ["account", "role", "state", "keys", "tokens", "places", "scopes", "code", "name"]
    print(show([heads, *map(_row, rows)]))
    return DONE


def _row(listed: Listed) -> list[str]:
    account = listed.account
    is_open = listed.keys or listed.tokens
    return [
        str(account.account_id),
        account.role,
        account.state if is_open else "closed",
        str(listed.keys),
        str(listed.tokens),
        ",".join(account.places),
        ",".join(account.scopes),
        account.verification_code,
        listed.name or "",
    ]


def _disable(options: argparse.Namespace, settings: Settings) -> int:
    path = f"/accounts/{options.account}/disabling"
    body = Disabling(options.reason)
    ended = call(settings, lambda to: to.ask("POST", path, AccountRow, body))
    print(f"{ended.account_id} can no longer sign in; what it wrote stands")
    return DONE
