"""`sangkat pledge`: list the texts, record who approved one."""

import argparse
from urllib.parse import quote

from api.administration.pledges import TextState
from api.commands.options import Commands, add_command, add_groups, read_date
from api.commands.outcomes import DONE
from api.commands.reaching import call, show
from api.settings import Settings
from api.setup.records import Approval


def add_to(commands: Commands) -> None:
    """Describe the flags."""
    group = add_groups(commands, "pledge", "the texts that owners sign: list, approve")
    add_command(group, "list", "list pledge texts, and who approved them", _list)
    approve = add_command(
        group, "approve", "record who approved a text: from now on owners sign it", _approve
    )
    approve.add_argument(
        "text", metavar="TEXT", help="as `pledge list` shows it, such as psh-2022-short"
    )
    approve.add_argument(
        "--by", required=True, metavar="NAME", help="the office or person who approved it"
    )
    approve.add_argument(
        "--on",
        required=True,
        type=read_date,
        metavar="DATE",
        help="the day of the approval, 2026-01-05",
    )


def _list(options: argparse.Namespace, settings: Settings) -> int:
    del options
    print(_table(call(settings, lambda to: to.ask("GET", "/pledge-texts", list[TextState]))))
    return DONE


def _approve(options: argparse.Namespace, settings: Settings) -> int:
    path = f"/pledge-texts/{quote(options.text, safe='')}/approval"
    body = Approval(options.by, options.on)
    print(_table(call(settings, lambda to: to.ask("POST", path, list[TextState], body))))
    return DONE


def _table(texts: list[TextState]) -> str:
    rows = [
        [text.text_id, text.version, text.approved_on or "draft", text.approved_by]
        for text in texts
    ]
    return show([["text", "version", "approved", "by"], *rows])
