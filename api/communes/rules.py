"""How a commune is described: pure."""

from collections.abc import Iterable

import msgspec

from api.communes.records import CommuneDetail, CommuneView, Post
from api.orders import rules as orders_rules
from api.orders.records import KnownOrder
from api.places.records import Place, Places, PostRow
from sync.instants import write_instant


def describe(places: Places, place: Place, post: PostRow | None, base_url: str) -> CommuneView:
    """Return a commune; without an address of its own it is served by this register."""
    fetched_ms = post.fetched_ms if post else None
    own_url = post.push_url if post else None
    return CommuneView(
        place_id=place.place_id,
        names=places.names(place.place_id),
        district=place.parent,
        post=Post(post.name if post else None),
        push_url=own_url or f"{base_url}/v1/communes/{place.place_id}/push",
        last_fetched_at=None if fetched_ms is None else write_instant(fetched_ms),
    )


def detail(
    commune: CommuneView, orders: Iterable[KnownOrder], ancestry: tuple[str, ...], today: str
) -> CommuneDetail:
    """Return a commune with the orders that collect there on a day of Cambodia."""
    covering = orders_rules.find_covering(orders, ancestry)
    collecting = [known for known in covering if orders_rules.collects(known.order, today)]
    return CommuneDetail(
        **msgspec.structs.asdict(commune),
        orders=[orders_rules.describe(known, today) for known in collecting],
    )
