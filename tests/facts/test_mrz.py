"""A machine-readable zone says what the standard says it says."""

from datetime import date

import msgspec
import pytest

from api.facts.mrz import Mrz, MrzFault, Repair, read_mrz, read_second_line
from tests.golden import golden

TODAY = date(2022, 9, 24)
PASSPORT = (
    "P<VNMNGUYEN<<THI<DAO<<<<<<<<<<<<<<<<<<<<<<<<\nC1234567<0VNM9403073F2905316079194000001<<96"
)


@golden("mrz", "zones")
def test_a_zone_is_read(case):
    today = date.fromisoformat(case["today"])
    reading = read_mrz(case["text"], today, specimens=case["specimens"])
    assert reading == msgspec.convert(case["reading"], Mrz | MrzFault)


@golden("mrz", "second_lines")
def test_a_second_line_is_read_with_a_typed_name(case):
    reading = read_second_line(
        case["line"],
        case["primary"],
        case["secondary"],
        date.fromisoformat(case["today"]),
        specimens=case["specimens"],
    )
    assert reading == msgspec.convert(case["reading"], Mrz | MrzFault)


def test_optional_data_is_verified_and_dropped():
    reading = read_mrz(PASSPORT, TODAY)
    assert isinstance(reading, Mrz)
    assert reading.checks["optional_check"] == "ok"
    assert "079194000001" not in msgspec.json.encode(reading).decode()


@pytest.mark.parametrize("alike", ["0O", "1I", "8B", "5S", "2Z"])
@pytest.mark.parametrize("position", range(9))
def test_a_letter_for_its_digit_in_the_number_is_repaired_at_every_position(alike, position):
    number = "C4967C496"[:position] + alike[0] + "C4967C496"[position + 1 :]
    reading = read_mrz(passport(number).replace(number, number.replace(*alike)), TODAY)
    assert isinstance(reading, Mrz)
    assert reading.number == number
    assert reading.repair == Repair(line=2, position=position + 1, printed=alike[1], read=alike[0])


@pytest.mark.parametrize("position", range(9))
def test_six_for_g_is_never_noticed(position):
    number = "C4917C491"[:position] + "G" + "C4917C491"[position + 1 :]
    wrong = passport(number).replace(number, number.replace("G", "6"))
    reading = read_mrz(wrong, TODAY)
    assert isinstance(reading, Mrz)
    assert not reading.failing
    assert reading.repair is None


def passport(number: str) -> str:
    return f"P<CHNZHANG<<WEI{'<' * 29}\n{second_line(number)}"


def second_line(number: str) -> str:
    line = f"{number}{digit(number)}CHN9001158M3001145{'<' * 14}0"
    return line + digit(line[:10] + line[13:20] + line[21:43])


def digit(text: str) -> str:
    values = ["0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".find(sign) for sign in text.replace("<", "0")]
    return str(sum(value * (7, 3, 1)[at % 3] for at, value in enumerate(values)) % 10)
