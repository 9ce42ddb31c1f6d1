"""Each case of the invented population is what its name says."""

from datetime import date, timedelta

import pytest

from api.synthetic.population import build

TODAY = date(2022, 9, 20)


@pytest.fixture(scope="module", params=["tiny", "commune", "province"])
def population(request):
    return build(request.param, 2022, TODAY)


@pytest.fixture
def premises_of(population):
    return lambda case: [home for home in population.premises if case in home.cases]


@pytest.fixture
def stays_of(population):
    return lambda case: [stay for stay in population.stays if case in stay.cases]


def test_a_rental_house_has_24_rooms(premises_of):
    (house,) = premises_of("rental_house_24_rooms")
    assert (house.body.kind, house.body.rooms_count) == ("rental_house", 24)


def test_a_nil_declaration_has_nobody(population, premises_of):
    (home,) = premises_of("nil_declaration")
    assert home.declares == "nil"
    assert home.id not in {stay.body.premises_id for stay in population.stays}


def test_two_owners_claim_one_building(premises_of):
    one, other = premises_of("claimed_by_two_owners")
    assert one.owner != other.owner
    assert (one.body.names, one.body.pin) == (other.body.names, other.body.pin)


def test_an_operator_is_not_the_owner(premises_of):
    (hotel,) = premises_of("operator_is_not_owner")
    assert hotel.contact.operator != hotel.contact.owner
    assert hotel.contact.operator
    assert hotel.contact.owner


def test_an_overdue_owner_declares_nothing(premises_of):
    assert [home.declares for home in premises_of("overdue")] == ["nothing"]


def test_the_moved_commune_is_ream(population, premises_of):
    places = [home.place for home in premises_of("moved_commune")]
    assert places == (["psh-c-ream"] if population.size == "province" else [])


def test_a_person_stands_on_the_lists_of_two_premises(stays_of):
    one, other = stays_of("in_two_premises")
    assert (one.identity, one.document) == (other.identity, other.document)
    assert one.body.premises_id != other.body.premises_id
    assert one.departure is other.departure is None


def test_a_renewed_passport_has_another_number_and_the_same_person(stays_of):
    before, now = sorted(stays_of("renewed_passport"), key=lambda stay: stay.body.arrived_on)
    assert before.identity == now.identity
    assert before.document.number != now.document.number
    assert before.departure.left_on == now.body.arrived_on
    assert now.body.previous_premises_id == before.body.premises_id


def test_a_mononym_has_no_secondary_name(stays_of):
    (stay,) = stays_of("mononym")
    assert (" " in stay.identity.primary, stay.identity.secondary) == (False, "")


def test_somebody_has_no_papers(stays_of):
    (stay,) = stays_of("no_papers")
    assert (stay.document, stay.body.document_missing) == (None, "none")


def test_an_employer_holds_a_passport(stays_of):
    (stay,) = stays_of("passport_held_by_employer")
    assert stay.body.document_holder == "employer"
    assert stay.body.work


def test_a_child_has_a_guardian(stays_of):
    (stay,) = stays_of("child_with_guardian")
    assert date.fromisoformat(stay.identity.born_on) > TODAY - timedelta(days=9 * 366)
    assert stay.identity.guardian


def test_visas_are_those_of_a_diplomat_an_expired_one_and_none_needed(stays_of):
    visas = [stays_of(case)[0].body.visa for case in ("diplomat", "visa_expired", "visa_free")]
    assert [visa.class_ for visa in visas] == ["A", "EB", "exempt"]
    assert visas[1].expires_on < TODAY.isoformat()
    assert visas[2].entered_on < TODAY.isoformat()
    assert stays_of("visa_free")[0].body.nationality == "MYS"


def test_of_a_birth_only_the_year_is_known(stays_of):
    (stay,) = stays_of("birth_year_only")
    assert len(stay.identity.born_on) == 4


def test_some_ordinary_people_are_for_what_happens_on_the_way(stays_of):
    assert [len(stays_of(case)) for case in ("sent_twice", "returned", "withdrawn")] == [1, 1, 1]
