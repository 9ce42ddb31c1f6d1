"""The zone of every invented passport reads as the stay that was declared."""

from datetime import date

from api.facts.mrz import Mrz, read_mrz
from api.synthetic.papers import passport_zone
from api.synthetic.population import build

TODAY = date(2022, 9, 20)


def test_every_zone_reads_as_the_stay():
    stays = [stay for stay in build("commune", 3, TODAY).stays if stay.document]
    assert stays
    for stay in stays:
        reading = read_mrz("\n".join(passport_zone(stay) or ()), TODAY)
        assert isinstance(reading, Mrz)
        assert (reading.failing, reading.repair) == ((), None)
        said = (stay.identity.primary, stay.identity.secondary, stay.identity.born_on)
        assert (reading.primary, reading.secondary, reading.born_on) == said
        assert (reading.sex, reading.nationality) == (stay.body.sex, stay.body.nationality)
        assert stay.document
        assert reading.number == stay.document.number
        assert reading.expires_on == stay.document.expires_on


def test_without_papers_there_is_no_zone():
    stays = build("tiny", 3, TODAY).stays
    assert all(passport_zone(stay) is None for stay in stays if stay.document is None)
