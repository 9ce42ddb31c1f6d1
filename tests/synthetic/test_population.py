"""The invented population has the totals it promises, is accepted as sent, and is nobody."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from api.facts.phones import normalise_phone
from api.premises.records import Premises
from api.stays.records import Stay
from api.stays.rules import check, check_departure
from api.synthetic.population import build
from api.synthetic.records import Case, Population

TODAY = date(2022, 9, 20)
GAZETTEER = Path(__file__).parents[2] / "api/places/gazetteer-18.tsv"
DIGEST = "A" * 43


@pytest.fixture(scope="module")
def province() -> Population:
    return build("province", 2022, TODAY)


@pytest.fixture(scope="module", params=["tiny", "commune", "province"])
def population(request) -> Population:
    return build(request.param, 2022, TODAY)


def test_the_province_has_the_reported_totals(province):
    nationalities = Counter(stay.body.nationality for stay in province.stays)
    assert len(province.premises) == 1_480
    assert len(province.stays) == 31_258
    assert len(nationalities) == 60
    assert nationalities["CHN"] == 23_375
    assert nationalities["VNM"] == 2_946
    assert Counter(stay.body.sex for stay in province.stays)["F"] == 7_841


@pytest.mark.parametrize(("size", "premises", "stays"), [("tiny", 6, 40), ("commune", 120, 2_500)])
def test_smaller_populations_stand_in_sangkat_4(size, premises, stays):
    small = build(size, 2022, TODAY)
    assert (len(small.premises), len(small.stays)) == (premises, stays)
    assert {home.place for home in small.premises} == {"psh-c-sangkat-4"}


def test_the_stress_population_is_three_provinces():
    stress = build("stress", 1, TODAY)
    assert (len(stress.premises), len(stress.stays)) == (4_440, 93_774)


def test_the_same_size_seed_and_day_give_the_same_bytes():
    assert encode(build("commune", 7, TODAY)) == encode(build("commune", 7, TODAY))


@pytest.mark.parametrize(("seed", "today"), [(8, TODAY), (7, date(2022, 9, 21))])
def test_another_seed_or_day_gives_another_population(seed, today):
    assert encode(build("commune", 7, TODAY)) != encode(build("commune", seed, today))


@pytest.mark.parametrize("seed", range(100))
def test_the_smallest_population_has_its_cases_with_every_seed(seed):
    tiny = build("tiny", seed, TODAY)
    cases = Counter(case for stay in tiny.stays for case in stay.cases)
    assert cases["in_two_premises"] == cases["renewed_passport"] == 2
    assert len(cases) == 13


def encode(population: Population) -> bytes:
    return msgspec.json.encode(population)


def test_every_commune_of_the_province_has_premises(province):
    with GAZETTEER.open(encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        communes = {row["place_id"] for row in rows if row["level"] == "commune"}
    assert {home.place for home in province.premises} == communes


def test_the_register_accepts_every_premises(population):
    for home in population.premises:
        body = {**msgspec.to_builtins(home.body), "contact": DIGEST}
        msgspec.convert(body, Premises)


def test_the_register_accepts_every_stay(population):
    for stay in population.stays:
        body = {**msgspec.to_builtins(stay.body), "identity": DIGEST, "document": DIGEST}
        disclosed = {"identity": stay.identity, "document": stay.document}
        assert check(msgspec.convert(body, Stay), disclosed) == ()
        assert stay.departure is None or check_departure(stay.departure, {}) == ()


def test_every_stay_stands_at_premises_that_declare_a_list(population):
    places = {home.id: home.place for home in population.premises if home.declares == "list"}
    assert all(places[stay.body.premises_id] == stay.place for stay in population.stays)


def test_every_id_is_a_uuid_of_version_7_and_stands_once(population):
    ids = [entry.id for entry in (*population.premises, *population.stays)]
    assert {id.version for id in ids} == {7}
    assert len(set(ids)) == len(ids)


def test_no_two_people_have_one_passport_but_the_one_in_two_premises(population):
    papers = Counter(
        (stay.document.issuer, stay.document.number) for stay in population.stays if stay.document
    )
    assert [count for count in papers.values() if count > 1] == [2]


def test_everything_that_can_say_so_is_marked_as_test_data(population):
    marked = [home.body.names.latin or "" for home in population.premises]
    marked += [owner.name for owner in population.owners]
    marked += [stay.body.work.employer for stay in population.stays if stay.body.work]
    marked += [stay.identity.guardian for stay in population.stays if stay.identity.guardian]
    assert all("TEST DATA" in name for name in marked)
    assert all("ទិន្នន័យសាកល្បង" in (home.body.names.km or "") for home in population.premises)


def test_every_telephone_number_stands_in_a_range_that_is_not_given_out(population):
    phones = [owner.phone for owner in population.owners]
    phones += [stay.contact.phone or "" for stay in population.stays if stay.contact]
    assert all(phone.startswith(("+855120", "+855121")) for phone in phones)
    assert all(normalise_phone(phone) == phone for phone in phones)


def test_every_premises_names_who_declares_it(population):
    for home in population.premises:
        party = getattr(home.contact, home.body.capacity)
        assert party.phone == population.owners[home.owner].phone


def test_every_case_is_in_the_population(population):
    found = {case for entry in (*population.premises, *population.stays) for case in entry.cases}
    missing = set() if population.size == "province" else {"moved_commune"}
    assert found == {*get_args(Case)} - missing
