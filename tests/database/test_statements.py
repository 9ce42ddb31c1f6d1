"""The stores' SQL, as PostgreSQL takes it."""

from api.database.statements import bind, bind_each, by_place


def test_names_become_places_in_the_order_of_their_first_use():
    text, names = by_place("SELECT 1 WHERE a = :one AND b = :two AND c = :one")
    assert text == "SELECT 1 WHERE a = $1 AND b = $2 AND c = $1"
    assert names == ("one", "two")


def test_lists_become_arrays():
    text, values = bind("SELECT 1 WHERE a IN (:ids) AND b NOT IN (:ids)", {"ids": ["x", "y"]})
    assert text == "SELECT 1 WHERE a = ANY($1) AND b <> ALL($1)"
    assert values == [["x", "y"]]


def test_what_is_quoted_and_what_is_cast_stays_as_it_is():
    text, names = by_place("SELECT ':no', 'it''s :none', a::text WHERE b = :yes AND c IN ('d')")
    assert text == "SELECT ':no', 'it''s :none', a::text WHERE b = $1 AND c IN ('d')"
    assert names == ("yes",)


def test_a_statement_for_several_rows_is_asked_once():
    text, values = bind_each(
        "SELECT pos FROM entries WHERE log = :log AND place = :place LIMIT :limit",
        [{"log": "L", "place": "a", "limit": 2}, {"log": "L", "place": "b", "limit": 2}],
    )
    assert text == (
        "SELECT found.* FROM unnest(CAST($1 AS text[])) AS given(place) CROSS JOIN LATERAL"
        " (SELECT pos FROM entries WHERE log = $2 AND place = given.place LIMIT $3) AS found"
    )
    assert values == [["a", "b"], "L", 2]


def test_a_statement_for_one_row_is_asked_as_it_is():
    text, values = bind_each("SELECT 1 WHERE a = :a", [{"a": 1}])
    assert (text, values) == ("SELECT 1 WHERE a = $1", [1])
