"""The page that is written from an inventory."""

import hashlib
import json
import re
from base64 import b64decode
from typing import Any
from xml.etree.ElementTree import Element

import contract
import html5lib
import pytest
from conftest import BUCKET, World
from test_generate_report_data import HOSTILE

LAYOUT = {"id", "scope", "class", "href", "content", "lang", "charset", "http-equiv", "name", "datetime"}
AT = "2026-11-22T23:30:00Z"


def supplier(*beans: dict[str, Any], **fields: Any) -> dict[str, Any]:
    empty = dict.fromkeys(("name", "address", "city", "state", "email", "phone"))
    return {"id": 1} | empty | {"name": "Roaster"} | fields | {"beans": list(beans)}


def bean(**fields: Any) -> dict[str, Any]:
    usual = {"type": "Arabica", "productName": "Blend", "price": "2.00", "description": None, "quantity": 50}
    return {"id": 1} | usual | fields


def document(*suppliers: dict[str, Any]) -> str:
    return contract.lines({"generatedAt": AT, "suppliers": list(suppliers)})


class Page:
    """The page as a strict HTML parser reads it: any parse error fails the test."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.root: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(source)

    def all(self, name: str) -> list[Element]:
        return list(self.root.iter(name))

    def texts(self, name: str) -> list[str]:
        return [text(one) for one in self.all(name)]

    @property
    def tiles(self) -> dict[str, str]:
        return dict(zip(self.texts("dt"), self.texts("dd"), strict=True))

    @property
    def rows(self) -> dict[str, list[list[str]]]:
        """The cells of each card's rows, without its column headings, by the card's heading."""
        return {
            text(next(card.iter("h2"))): [
                [text(cell) for cell in row] for body in card.iter("tbody") for row in body.iter("tr")
            ]
            for card in self.all("section")
        }

    @property
    def links(self) -> dict[str, str]:
        """Where each link of the index leads, by its text."""
        return {text(link): link.get("href") or "" for index in self.all("details") for link in index.iter("a")}


def text(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def render(world: World, *suppliers: dict[str, Any], **event: Any) -> tuple[dict[str, Any], Page]:
    key = world.write("inventory/run-1.json", document(*suppliers))
    event = {"inventoryKey": key, "reportKey": "reports/run-1.html"} | event
    result = world.load("generate_html").handler(event, None)
    return result, Page(world.read(result["key"]))


def test_the_result_names_the_page_and_counts_what_it_shows(world: World) -> None:
    result, page = render(world, supplier(bean(), bean(quantity=3)), supplier())
    assert result == {"key": "reports/run-1.html", "suppliers": 2, "beans": 2, "lowStock": 1}
    assert world.s3.head_object(Bucket=BUCKET, Key=result["key"])["ContentType"] == "text/html; charset=utf-8"
    assert page.source.startswith("<!doctype html>")


def test_totals_are_exact_and_grouped(world: World) -> None:
    beans = [bean(price="0.10", quantity=1) for _ in range(1000)]
    _, page = render(world, supplier(*beans), supplier(bean(price="1234.50", quantity=2), bean(price="19.99")))
    assert page.tiles == {
        "Suppliers": "2",
        "Beans": "1,002",
        "Low stock (<10)": "1,001",
        "Stock": "1,052",
        "Stock value": "3,568.50",
    }
    totals = [text(row) for row in page.all("tr") if row[0].get("colspan")]
    assert totals == ["Total1,000100.00", "Total523,468.50"]


@pytest.mark.beyond_the_contract
def test_a_row_shows_the_bean_its_price_quantity_and_value(world: World) -> None:
    _, page = render(world, supplier(bean(productName="Barako", type="Liberica", description="Dark", price="1234.5")))
    assert page.rows["Roaster"][0] == ["Barako Liberica · Dark", "1,234.50", "50", "61,725.00"]


def test_low_stock_is_said_in_words(world: World) -> None:
    _, page = render(world, supplier(bean(quantity=9), bean(quantity=10), bean(quantity=-1), bean(quantity=0)))
    assert [row[0] for row in page.rows["Roaster"]] == [
        "Blend Low Arabica",
        "Blend Arabica",
        "Blend Oversold Arabica",
        "Blend Low Arabica",
        "Total",
    ]


def test_what_to_order_stands_on_top_lowest_first_and_oversold_apart(world: World) -> None:
    first = supplier(
        bean(productName="Nine", quantity=9),
        bean(productName="Plenty", quantity=10),
        bean(productName="Minus one", quantity=-1),
        bean(productName="None", quantity=0),
        bean(productName="Minus two", quantity=-2),
        name="First",
    )
    _, page = render(world, first, supplier(bean(productName="Also nine", quantity=9), name="Second"))
    assert page.texts("h2") == ["Order first: Oversold (2)", "Order first: Low (3)", "First", "Second"]
    assert [one.tag for one in page.all("main")[0]] == ["dl"] + ["section"] * 4
    assert page.rows["Order first: Oversold (2)"] == [
        ["Minus two Oversold First", "2.00", "−2", "−4.00"],
        ["Minus one Oversold First", "2.00", "−1", "−2.00"],
    ]
    assert page.rows["Order first: Low (3)"] == [
        ["None Low First", "2.00", "0", "0.00"],
        ["Also nine Low Second", "2.00", "9", "18.00"],
        ["Nine Low First", "2.00", "9", "18.00"],
    ]


@pytest.mark.parametrize(("quantity", "heading"), [(-1, "Order first: Oversold (1)"), (0, "Order first: Low (1)")])
def test_a_list_to_order_from_has_something_in_it(world: World, quantity: int, heading: str) -> None:
    assert render(world, supplier(bean(quantity=quantity)))[1].texts("h2") == [heading, "Roaster"]


def test_where_nothing_is_low_there_is_nothing_to_order_and_no_tile_stands_out(world: World) -> None:
    _, page = render(world, supplier(bean(quantity=10)))
    assert (page.texts("h2"), page.texts("mark"), page.tiles["Low stock (<10)"]) == (["Roaster"], [], "0")
    assert [one.get("class") for one in page.all("div")] == [None] * 5


def test_the_tile_of_low_stock_stands_out_when_something_is_low(world: World) -> None:
    _, page = render(world, supplier(bean(quantity=9)))
    assert [text(one) for one in page.all("div") if one.get("class") == "low"] == ["Low stock (<10)1"]


def test_a_list_to_order_from_holds_the_lowest_and_has_an_end(world: World) -> None:
    beans = [bean(quantity=quantity % 1000) for quantity in range(7, 7000, 7)]
    result, page = render(world, supplier(*beans), lowStockBelow=1000)
    shown = [int(row[2]) for row in page.rows["Order first: Low (99)"]]
    assert shown == sorted(quantity % 1000 for quantity in range(7, 7000, 7))[:99]
    assert page.tiles["Low stock (<1000)"] == str(result["lowStock"]) == "999"


def test_a_list_to_order_from_leads_to_the_supplier(world: World) -> None:
    same = [supplier(bean(quantity=quantity), name="Same", city=str(quantity)) for quantity in (2, 1, 3)]
    _, page = render(world, *same)
    found = {card[0].get("id"): card for card in page.all("section")}
    links = [link.get("href") or "" for link in page.all("section")[0].iter("a")]
    assert [text(found[link[1:]][1]) for link in links] == ["1", "2", "3"]


@pytest.mark.parametrize(("count", "shown"), [(5, 0), (6, 6), (300, 300)])
def test_many_suppliers_have_an_index(world: World, count: int, shown: int) -> None:
    _, page = render(world, *(supplier(name=f"Roaster {number}") for number in range(count)))
    headings = {f"#{one.get('id')}": text(one) for one in page.all("h2")}
    assert len(headings) == count
    assert {text: headings[link] for text, link in page.links.items()} == {text: text for text in page.links}
    assert len(page.links) == shown
    assert page.texts("summary") == ["Suppliers"] * bool(shown)


@pytest.mark.parametrize("name", ["Same", "order", "s1", "Low", "#", 'x" id="s0', "<a id=s0>"])
def test_anchors_are_unique_and_valid_whatever_the_names(world: World, name: str) -> None:
    _, page = render(world, *(supplier(bean(quantity=number - 4), name=name) for number in range(8)))
    anchors = [identity for one in page.root.iter() if (identity := one.get("id"))]
    assert len(anchors) == len(set(anchors)) == 10
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", one) for one in anchors)
    assert {(link.get("href") or "")[1:] for link in page.all("a")} == set(anchors) - {"Oversold", "Low"}
    assert {text(one) for one in page.all("a")} == {name}


@pytest.mark.parametrize(("below", "low"), [(0, 1), (1, 2), (50, 3), (51, 4)])
def test_the_caller_says_what_low_stock_is(world: World, below: int, low: int) -> None:
    beans = [bean(quantity=quantity) for quantity in (-1, 0, 49, 50)]
    result, page = render(world, supplier(*beans), lowStockBelow=below)
    assert (result["lowStock"], page.tiles[f"Low stock (<{below})"]) == (low, str(low))


def test_without_suppliers_the_page_says_so(world: World) -> None:
    result, page = render(world)
    assert (result["suppliers"], result["beans"], result["lowStock"]) == (0, 0, 0)
    assert "There are no suppliers yet." in page.texts("p")
    assert page.tiles["Stock value"] == "0.00"


def test_a_supplier_without_beans_is_listed_and_has_no_table(world: World) -> None:
    _, page = render(world, supplier(name="First"), supplier(bean(), name="Second"), supplier(name="Third"))
    assert page.texts("h2") == ["First", "Second", "Third"]
    assert len(page.all("table")) == 1
    assert page.texts("section")[0] == "First No beans from this supplier."


def test_the_contact_is_shown_as_far_as_it_is_known(world: World) -> None:
    full = supplier(address="12 Pier Road", city="Portland", state="Oregon", email="a@b.example", phone="+1 503")
    _, page = render(world, full, supplier(city="Ghent"), supplier())
    assert [text(card[1]) for card in page.all("section")] == [
        "12 Pier Road, Portland, Oregon, a@b.example, +1 503",
        "Ghent",
        "",
    ]
    assert [link.get("href") for link in page.all("a")] == ["mailto:a@b.example"]


@pytest.mark.beyond_the_contract
def test_nulls_are_dashes_and_count_for_nothing(world: World) -> None:
    nothing = bean(type=None, productName=None, price=None, description=None, quantity=None)
    result, page = render(world, supplier(nothing, bean(price=None), bean(quantity=None), name=None))
    assert (result["beans"], result["lowStock"]) == (3, 0)
    assert page.tiles["Stock value"] == "0.00"
    assert page.texts("h2") == ["–"]
    assert page.texts("td")[:3] == ["–", "–", "–"]


def test_huge_and_negative_numbers_are_exact_and_may_break(world: World) -> None:
    _, page = render(world, supplier(bean(price="999999.99", quantity=2**31 - 1), bean(price="-0.01", quantity=-3)))
    assert page.tiles["Stock value"] == "2,147,483,625,525,163.56"
    assert page.rows["Roaster"][1] == ["Blend Oversold Arabica", "−0.01", "−3", "0.03"]
    assert "147,<wbr>483,<wbr>647" in page.source


def test_nothing_is_not_less_than_nothing(world: World) -> None:
    _, page = render(world, supplier(bean(price="-0.01", quantity=0), bean(price="0.00", quantity=-1)))
    assert [row[-1] for row in page.rows["Roaster"]] == ["0.00", "0.00", "0.00"]


@pytest.mark.parametrize("text", [one for one in HOSTILE if one and "\x00" not in one])
def test_hostile_text_is_text_everywhere(world: World, text: str) -> None:
    fields = dict.fromkeys(("name", "address", "city", "state", "email", "phone"), text)
    result, page = render(
        world,
        *(supplier(bean(productName=text, type=text, description=text, quantity=n), **fields) for n in range(-1, 5)),
        title=text[:100],
    )
    plain = " ".join(text.split())
    assert result["beans"] == 6
    assert page.texts("h1") == page.texts("title") == [plain]
    assert page.texts("h2") == ["Order first: Oversold (1)", "Order first: Low (5)"] + [plain] * 6
    assert page.rows["Order first: Oversold (1)"][0][0] == " ".join(f"{text} Oversold {text}".split())
    assert list(page.links) == [plain]
    allowed = {"html", "head", "body", "header", "main", "meta", "title", "style", "h1", "h2", "p", "time", "dl", "div"}
    allowed |= {"dt", "dd", "section", "a", "table", "thead", "tbody", "tr", "th", "td", "small", "mark", "wbr"}
    allowed |= {"details", "summary"}
    assert {one.tag for one in page.root.iter()} <= allowed
    attributes = {name for one in page.root.iter() for name in one.attrib}
    assert attributes <= LAYOUT | {"aria-labelledby", "colspan"}
    assert all(re.fullmatch(r"mailto:[\w@.%~-]+|#s[0-5]", one.get("href") or "") for one in page.all("a"))


def test_the_policy_allows_this_very_style_and_nothing_else(world: World) -> None:
    _, page = render(world, supplier(bean()))
    policy = next(one.get("content") or "" for one in page.all("meta") if one.get("http-equiv"))
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    assert directives.keys() == {"default-src", "style-src", "base-uri", "form-action"}
    assert directives["default-src"] == "'none'"
    (style,) = page.all("style")
    digest = re.fullmatch(r"'sha256-([A-Za-z0-9+/]+=*)'", directives["style-src"])
    assert digest
    assert b64decode(digest[1]) == hashlib.sha256((style.text or "").encode()).digest()


def test_the_markup_says_what_is_what(world: World) -> None:
    _, page = render(world, supplier(bean(quantity=-1), bean(quantity=1)), supplier(bean()))
    assert page.root.get("lang") == "en"
    assert [len(page.all(name)) for name in ("header", "main", "h1")] == [1, 1, 1]
    assert [one.get("id") for one in page.all("h2")] == [one.get("aria-labelledby") for one in page.all("table")]
    headings = [[text(one) for one in head.iter("th")] for head in page.all("thead")]
    assert headings == [["Product", "Price", "Stock", "Value"]] * 4
    assert [one.get("scope") for body in page.all("tbody") for one in body.iter("th")] == ["row"] * 7


@pytest.mark.parametrize(
    ("zone", "shown", "machine"),
    [
        (None, "22 November 2026, 23:30 UTC", "2026-11-22T23:30:00+00:00"),
        ("", "22 November 2026, 23:30 UTC", "2026-11-22T23:30:00+00:00"),
        ("Europe/Brussels", "23 November 2026, 00:30 CET", "2026-11-23T00:30:00+01:00"),
        ("America/Los_Angeles", "22 November 2026, 15:30 PST", "2026-11-22T15:30:00-08:00"),
    ],
)
def test_the_time_is_told_with_its_zone(world: World, zone: str | None, shown: str, machine: str) -> None:
    if zone is not None:
        world.environment.setenv("TIME_ZONE", zone)
    _, page = render(world)
    assert page.texts("time") == [shown]
    assert page.all("time")[0].get("datetime") == machine


@pytest.mark.parametrize(
    ("given", "shown"), [({}, "Coffee inventory"), ({"title": "Q4"}, "Q4"), ({"title": "x" * 100}, "x" * 100)]
)
def test_the_title_is_the_caller_s_or_a_plain_one(world: World, given: dict[str, str], shown: str) -> None:
    assert render(world, **given)[1].texts("h1") == [shown]


@pytest.mark.beyond_the_contract
@pytest.mark.parametrize("event", [{"title": "x" * 101}, {"lowStockBelow": -1}])
def test_what_the_contract_does_not_allow_is_refused_before_anything_is_written(
    world: World, event: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="expected a title"):
        render(world, **event)
    assert world.keys() == ["inventory/run-1.json"]


def test_the_same_inventory_gives_the_same_page(world: World) -> None:
    assert render(world, supplier(bean()))[1].source == render(world, supplier(bean()))[1].source


def test_the_log_is_one_line_of_counts(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    result, _ = render(world, supplier(bean(), name="Private Name"))
    assert json.loads(capsys.readouterr().out) == result


def test_the_page_shows_what_the_database_holds(world: World) -> None:
    world.create_tables()
    world.insert("suppliers", *((n, text, None, None, None, text, None) for n, text in enumerate(HOSTILE[:-1], 1)))
    world.insert("beans", *((n, n, "Arabica", text, "1.25", None, 4) for n, text in enumerate(HOSTILE[:-1], 1)))
    inventory = world.load("generate_report_data").handler({"execution": "run-2"}, None)
    event = {"inventoryKey": inventory["key"], "reportKey": "reports/run-2.html"}
    result = world.load("generate_html").handler(event, None)
    count = len(HOSTILE) - 1
    assert result == {"key": "reports/run-2.html", "suppliers": count, "beans": count, "lowStock": count}
    assert world.read(result["key"]).count("<section") == count + 1
