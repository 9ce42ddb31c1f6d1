"""How much the register takes on: every limit of admission under its one name, with its reason.

Apart from the code that keeps them, so that an operator finds them all here (api/README.md).
"""

from typing import Final

from msgspec import Struct

# ---- how long somebody is told to wait; the answer says as much again by half, by chance

#: The server has too much to do, another program locks the database, or it is stopping.
OVERLOAD_SECONDS: Final = 5
#: The printer's queue, or the operator, takes longer.
PRINTING_SECONDS: Final = 10
NOT_READY_SECONDS: Final = 30
FULL_DISK_SECONDS: Final = 60
CLOCK_SECONDS: Final = 600
#: A person has to do something first: set the register up, verify an owner, update a program.
PERSON_SECONDS: Final = 2_400
#: By chance up to this share longer, so that those who were refused together come back apart.
JITTER: Final = 0.5
#: Phones and programs of this protocol wait no longer than an hour for a Retry-After.
RETRY_SECONDS_MAX: Final = 3_600


class Rate(Struct, frozen=True):
    """At most `count_max` uses of one holder in a window that opens with the first of them.

    A process lets `uncounted` of them pass by itself, then takes `lease` at a time from the
    database, which all processes share.
    """

    name: str
    count_max: int
    window_ms: int
    lease: int = 1
    uncounted: int = 0


_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
#: A hundred a second for a whole minute: a third of what two cores serve. A phone makes ten.
REQUESTS_OF_AN_ACCOUNT: Final = Rate("account", 6_000, _MINUTE_MS, lease=200, uncounted=200)
#: Without signing in. A mobile network shows thousands of phones under one address.
REQUESTS_OF_AN_ADDRESS: Final = Rate("address", 6_000, _MINUTE_MS, lease=200, uncounted=200)
#: Exact: each is counted in the database.
REGISTRATIONS: Final = Rate("registration", 5, _HOUR_MS)
WRONG_CODES: Final = Rate("wrong-code", 5, _HOUR_MS)
#: Holders that a process remembers at a time.
PURSES_MAX: Final = 50_000

# ---- how much is in progress at a time, in one process

#: Pushes and plain writes: what two cores answer in about a second.
WRITING_MAX: Final = 256
READING_MAX: Final = 128
#: Signing in, registering, the set-up: nobody may be kept from these by who is in already.
ENTERING_MAX: Final = 128
#: The app's files, places, orders, communes, heads: what anybody may ask for.
PUBLIC_MAX: Final = 64
#: Of one account, so that no program takes a share for itself.
ACCOUNT_MAX: Final = 128
#: Bodies in memory, of all requests together, compressed and inflated.
BODIES_BYTES_MAX: Final = 32 * 1024 * 1024
#: Of one account, or of one address that has not signed in: two of the largest, opened.
BODIES_OF_ONE_BYTES_MAX: Final = BODIES_BYTES_MAX // 4
PRINTING_MAX: Final = 20
#: Threads for signatures, inflation and JSON: two cores have no more to give.
BESIDE_THREADS: Final = 2

# ---- long polls

POLLS_MAX: Final = 2_000
POLLS_OF_AN_ACCOUNT_MAX: Final = 8
#: News wake so many waiters at once, and as many a second after that, the longest waiting first.
WOKEN_A_SECOND_MAX: Final = 64

# ---- the end

#: What was taken is answered within this time after SIGTERM, then the process ends all the same.
GRACE_SECONDS: Final = 3
