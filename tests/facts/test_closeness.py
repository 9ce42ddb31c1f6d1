"""How alike names are, whatever the order of their words."""

from api.facts.closeness import CLOSE, name_closeness, word_closeness


def test_a_slip_of_one_letter_is_close_and_another_name_is_not():
    assert word_closeness("ERIKSON", "ERIKSSON") >= CLOSE
    assert word_closeness("NGUYNE", "NGUYEN") >= CLOSE
    assert word_closeness("WANG", "ZHAO") < CLOSE


def test_the_order_of_words_does_not_matter():
    assert name_closeness(["ANNA", "ERIKSSON"], ["ERIKSSON", "ANNA"]) == 100.0
    assert name_closeness(["LIN"], ["LIN", "TEST"]) > name_closeness(["LIN"], ["LINDGREN", "TEST"])
