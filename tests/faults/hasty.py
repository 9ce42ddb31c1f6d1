"""A register that answers before it commits: the defect that the checker must find.

It is the negative control of these tests: it serves like the real register in everything but that.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from api import app
from api.__main__ import main
from api.ledger.committer import Committer, _resolve, _Submission
from api.ledger.group import Outcome

_COMMIT_SECONDS = 0.2


class HastyCommitter(Committer[Any]):
    """Tells everybody that their documents are stored, and then stores them."""

    async def _run(self, group: Sequence[_Submission], *, releases: bool = True) -> list[Outcome]:
        sent = [one for submission in group for one in submission.sent]
        if any(one.prepared.document.payload.kind == "account" for one in sent):
            return await super()._run(group, releases=releases)
        async with self._engine.writing() as tx:
            outcomes = await self._decide(tx, sent, releases=releases)
            left = outcomes
            for submission in group:
                count = len(submission.sent)
                _resolve(submission, left[:count])
                left = left[count:]
            await asyncio.sleep(_COMMIT_SECONDS)
        return outcomes


def run_hastily(arguments: list[str]) -> int:
    """Run `sangkat` with this committer."""
    app.Committer = HastyCommitter
    return main(arguments)
