"""The text of a receipt."""


def receipt(order, items):
    lines = [f"{item['name']:<20}{item['price']:>8.2f}" for item in items]
    total = sum(item["price"] for item in items)
    return "\n".join([f"Order {order}", *lines, f"{'Total':<20}{total:>8.2f}", ""])
