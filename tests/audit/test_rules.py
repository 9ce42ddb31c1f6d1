"""A look that is changed, taken out or put in breaks the chain where it stands."""

from uuid import UUID

from msgspec.structs import replace

from api.audit.records import AuditRow, Look
from api.audit.rules import find_break, first_link, next_link

LOG = "psh-p-preah-sihanouk"
OFFICER, STAY = UUID(int=1), UUID(int=2)


def chain_up(*looks: Look) -> list[AuditRow]:
    rows: list[AuditRow] = []
    chain = first_link(LOG)
    for n, look in enumerate(looks, 1):
        chain = next_link(chain, n, 1_000 * n, look)
        rows.append(AuditRow(n, 1_000 * n, look, chain))
    return rows


ROWS = chain_up(
    Look(OFFICER, "stays.search", None, "visit"),
    Look(OFFICER, "stay.read", STAY, ""),
    Look(OFFICER, "stay.reveal", STAY, "TEST DATA"),
)


def test_what_was_put_down_in_order_holds():
    assert find_break(LOG, ROWS) is None
    assert find_break(LOG, []) is None


def test_a_changed_look_is_found_where_it_stands():
    for n, row in enumerate(ROWS):
        for changed in (
            replace(row, at_ms=row.at_ms + 1),
            replace(row, look=replace(row.look, reason="other")),
            replace(row, look=replace(row.look, account_id=UUID(int=3))),
            replace(row, look=replace(row.look, subject=UUID(int=4))),
        ):
            assert find_break(LOG, [*ROWS[:n], changed, *ROWS[n + 1 :]]) == n + 1


def test_a_look_taken_out_is_found():
    assert find_break(LOG, [ROWS[0], ROWS[2]]) == 2
    assert find_break("another-log", ROWS) == 1
