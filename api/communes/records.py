"""A commune as programs and phones address it."""

from collections.abc import Mapping

from msgspec import Struct

from api.orders.records import OrderView


class Post(Struct, frozen=True):
    """The police post that serves a commune; the name is None until somebody recorded it."""

    name: str | None


class CommuneView(Struct, frozen=True, kw_only=True):
    """Where a commune's documents go, and when its post last fetched what had arrived."""

    place_id: str
    names: Mapping[str, str | None]
    district: str | None
    post: Post
    push_url: str
    last_fetched_at: str | None


class CommuneDetail(CommuneView, frozen=True, kw_only=True):
    """The same with the orders that collect there today."""

    orders: list[OrderView]
