"""Not a part of what is deployed."""

from lib.text import receipt


def test_a_receipt_has_a_total():
    items = [{"name": "Beans", "price": 9.5}, {"name": "Filter", "price": 2}]
    assert receipt("7", items).endswith("Total                  11.50\n")
