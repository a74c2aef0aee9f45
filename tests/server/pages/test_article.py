"""The reader: nothing is lost, nothing is shown that may not be, and every mark leads somewhere."""

import hashlib
import json
import logging
import re
import shutil
from html.parser import HTMLParser

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kg import snapshot
from server.app import create_app
from server.pages import evidence, passages
from server.pages.account import Account, Left
from server.pages.articles import Articles
from server.pages.passages import Article, Gap, Paragraph, Phrase, Piece
from server.settings import read_settings
from tests.conftest import account as coverage_of
from tests.server.conftest import settings_for

SLUGS = ["e-my399-2021-03-30", "e-my399-2021-08-04"]


class Page(HTMLParser):
    """The text of the article on a page, its anchors, its links; that no link lies in another is checked."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.linked, self.ids, self.links, self.open = "", "", [], [], []
        self.feed(text)
        assert not self.open
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.ids += [found["id"]] if "id" in found else []
        if tag == "a":
            self.linked = ""
            assert "a" not in [name for name, _ in self.open], "a link in a link"
            self.links.append(found.get("href"))
        if tag not in {"meta", "link", "br", "input", "rect", "circle", "path"}:
            self.open.append((tag, set(found.get("class", "").split())))

    def handle_endtag(self, tag):
        assert tag != "a" or self.linked.strip(), "a link without words"
        if self.open and self.open[-1][0] == tag:
            self.open.pop()

    def handle_data(self, data):
        self.linked += data
        classes = [names for _, names in self.open]
        if any("text" in names for names in classes) and not any(names & {"why", "gap"} for names in classes):
            self.text += data


def parts_of(app, slug):
    """What is stated of the quotes and readings of an article."""
    rows = app.catalog.select("quotes", of=f"https://w3id.org/cekg/source/{slug}")
    return app.catalog.said_of([row.text("part") for row in rows])


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def sources(folders):
    return folders.data / "sources"


@pytest.fixture(scope="module")
def whole_app(snapshots, sources):
    app = create_app(settings_for(snapshots, workers=1, articles=sources))
    yield app
    app.close()


@pytest.fixture
def whole(whole_app):
    """A client of a server that may show the full texts."""
    return whole_app.test_client()


@pytest.mark.parametrize("slug", SLUGS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_whole_text_is_there_to_the_letter_and_each_mark_leads_somewhere(whole, sources, slug, language):
    page = Page(whole.get(f"/source/{slug}.html?lang={language}").text)
    assert squeezed(page.text) == squeezed((sources / f"{slug}.txt").read_text(encoding="utf-8"))
    facts = [href for href in page.links if href and href.startswith(("/obs/", "/relation/"))]
    assert len(facts) > 20
    for href in set(page.links):
        if href and href.startswith("/") and "?" not in href:
            assert whole.get(href.partition("#")[0], buffered=True).status_code in {200, 303}, href


@pytest.mark.parametrize("slug", SLUGS)
def test_without_leave_only_what_the_graph_holds_is_shown(client, app, sources, slug):
    page = Page(client.get(f"/source/{slug}.html").text)
    text = (sources / f"{slug}.txt").read_text(encoding="utf-8")
    for each in evidence.quoted(app.catalog, parts_of(app, slug)):
        assert squeezed(each.text) in squeezed(page.text)
    assert len(squeezed(page.text)) < len(squeezed(text)) * 0.95
    for hidden in (
        "These industries strongly supported",
        "It now boasts among",
        "new comprehensive service center",
    ):
        assert hidden not in client.get(f"/source/{slug}.html").text


@pytest.mark.parametrize("slug", SLUGS)
def test_every_quote_and_phrase_has_its_anchor_with_and_without_the_whole_text(client, whole, app, slug):
    quotes = evidence.quoted(app.catalog, parts_of(app, slug))
    phrases = evidence.read(parts_of(app, slug))
    wanted = {f"q-{each.start}-{each.start + len(each.text)}" for each in quotes}
    wanted |= {each.iri.rpartition("/")[2] for each in quotes}
    wanted |= {f"p-{each.start}-{each.start + len(each.phrase)}" for each in phrases}
    assert (len(quotes), len(phrases)) > (10, 40)
    for each in (client, whole):
        assert wanted <= set(Page(each.get(f"/source/{slug}.html").text).ids)


def test_the_top_counts_what_is_accounted_for(client, assembly):
    counted = coverage_of(assembly.coverage)
    assert counted == "coverage of 2 articles: 37 of 37 sentences, 51 of 51 numbers"
    first, second = (client.get(f"/source/{slug}.html").text for slug in SLUGS)
    assert "19 of 19 sentences and 30 of 30 numbers are accounted for: 31 facts." in first
    assert "10 passages are left out, with the reason." in first
    assert "18 of 18 sentences and 21 of 21 numbers are accounted for" in second


def test_what_is_left_out_says_why_where_it_stands_and_at_the_top(whole):
    page = whole.get("/source/e-my399-2021-08-04.html").text
    said = "It now boasts among the best service provider in the country for such affairs.</span>"
    assert f'{said}<span class="why" lang="en">no rank</span>' in page
    assert "A place among the best is not a rank." in page
    chinese = whole.get("/source/e-my399-2021-08-04.html?lang=zh").text
    assert f'{said}<span class="why" lang="zh-Hans">无位次</span>' in chinese
    assert "“名列前茅”不是位次。" in chinese


def test_what_is_not_shown_says_how_much_and_why(client):
    page = client.get("/source/e-my399-2021-03-30.html").text
    assert '1 sentence not shown<span class="why">no figure</span>' in page
    assert '2 sentences not shown<span class="why">page furniture</span>' in page
    assert '2 sentences not shown<span class="why">about the page itself</span>' in page


@pytest.mark.parametrize("change", ["another text", "no text"])
def test_a_text_that_is_not_what_was_read_is_not_shown_and_told_once(
    snapshots, sources, tmp_path, caplog, change
):
    folder = tmp_path / "articles"
    shutil.copytree(sources, folder)
    first = folder / f"{SLUGS[0]}.txt"
    first.write_bytes(first.read_bytes() + b" ") if change == "another text" else first.unlink()
    app = create_app(settings_for(snapshots, workers=1, articles=folder))
    try:
        with caplog.at_level(logging.WARNING, "server"):
            for _ in range(3):
                page = app.test_client().get(f"/source/{SLUGS[0]}.html").text
                assert "These industries strongly supported" not in page
                assert "These industries" not in page
            assert "northernmost" in app.test_client().get(f"/source/{SLUGS[1]}.html").text
    finally:
        app.close()
    told = [each.getMessage() for each in caplog.records if each.name == "server.pages.articles"]
    assert len(told) == 1
    assert str(first) in told[0]


@pytest.mark.parametrize("slug", ["../secret", "..", "a/b", "A", "", "a.b", "a\x00b"])
def test_a_name_that_is_no_slug_reads_no_file(tmp_path, slug):
    (tmp_path / "secret.txt").write_bytes(b"")
    folder = tmp_path / "articles"
    folder.mkdir()
    assert Articles(folder).text(slug, hashlib.sha256(b"").hexdigest()) is None


def test_a_folder_that_is_none_is_refused_at_the_start(tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        read_settings([f"--articles={tmp_path}/nothing"], {})
    assert ended.value.code == 2
    assert "is no folder" in capsys.readouterr().err


# An article with everything that can be odd about one

BEYOND = "\N{OCTOPUS}"
"""A code point that is two units of UTF-16 and four bytes: positions count it as one."""
TEXT = (
    f"{BEYOND}𠮷野 <b>Harbour</b> & “sons”\n\n"
    f"{BEYOND * 3} In 2023, the <i>two</i> great harbours made 3.5 million yuan "
    "\N{RIGHT-TO-LEFT OVERRIDE}and more. It rained.\n"
)
QUOTES = ["the <i>two</i> great harbours made", "the <i>two</i> great harbours made 3.5 million yuan"]
PHRASES = [
    ("In 2023", "PeriodRole", "2023"),
    ("the <i>two</i> great harbours", "IndustryRole", "https://w3id.org/cekg/industry/harbours"),
    ("<i>two</i>", "ValueRole", "2"),
    ("great harbours made 3.5", "MetricRole", "https://w3id.org/cekg/metric/catch"),
    ("3.5 million yuan", "ValueRole", "3500000 CNY"),
]


def odd_graph():
    """The odd article as N-Quads: two facts, each with a quote; the phrases overlap and nest."""
    base, ont, oa = "https://w3id.org/cekg/", "https://w3id.org/cekg/ont#", "http://www.w3.org/ns/oa#"
    rdf, dcterms = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", "http://purl.org/dc/terms/"
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    source, quads = ox.NamedNode(base + "source/odd"), []

    def say(subject, property_, value):
        quads.append(ox.Quad(subject, ox.NamedNode(property_), value, ox.NamedNode(base + "graph/odd")))

    def place(subject, words):
        start = TEXT.index(words)
        say(subject, oa + "exact", ox.Literal(words))
        say(subject, oa + "start", ox.Literal(start))
        say(subject, oa + "end", ox.Literal(start + len(words)))

    say(source, rdf, ox.NamedNode(ont + "Source"))
    say(source, dcterms + "title", ox.Literal(f"{BEYOND} <b>Harbour</b>", language="en"))
    say(
        source,
        dcterms + "date",
        ox.Literal("2024-02-29", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
    )
    say(source, ont + "sha256", ox.Literal(digest))
    for number, words in enumerate(QUOTES):
        quote, fact = (ox.NamedNode(f"{base}{kind}/odd-{number}") for kind in ("quote", "obs"))
        say(quote, rdf, ox.NamedNode(ont + "Quote"))
        say(quote, ont + "quotedFrom", source)
        place(quote, words)
        say(fact, rdf, ox.NamedNode(ont + "Level"))
        say(fact, ont + "value", ox.Literal(number + 2))
        say(fact, ont + "unit", ox.NamedNode("http://qudt.org/vocab/unit/NUM"))
        say(fact, ont + "evidence", quote)
        say(fact, ont + "statedIn", source)
    for number, (words, role, meaning) in enumerate(PHRASES):
        reading = ox.NamedNode(f"{base}reading/odd-{number}")
        say(reading, rdf, ox.NamedNode(ont + "Reading"))
        say(reading, ont + "readFrom", source)
        say(reading, ont + "role", ox.NamedNode(ont + role))
        say(
            reading,
            ont + "readAs",
            ox.NamedNode(meaning) if meaning.startswith("http") else ox.Literal(meaning),
        )
        place(reading, words)
        for fact in {2: (0,), 4: (1,)}.get(number, (0, 1)):
            say(ox.NamedNode(f"{base}obs/odd-{fact}"), ont + "hasReading", reading)
    elsewhere = ox.NamedNode(
        f"{base}reading/even"
    )  # of another source, at a place that is in a quote of this
    say(elsewhere, ont + "readFrom", ox.NamedNode(f"{base}source/even"))
    say(elsewhere, ont + "role", ox.NamedNode(ont + "CityRole"))
    say(elsewhere, ont + "readAs", ox.Literal("nowhere"))
    place(elsewhere, "harbours")
    say(ox.NamedNode(f"{base}obs/odd-0"), ont + "hasReading", elsewhere)
    lines = ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(keepends=True)
    return b"".join(sorted(lines))


def odd_account():
    left = TEXT.index("It rained.")
    first, _ = TEXT.split("\n\n")
    start = len(first) + 2
    return {
        "odd": {
            "sentences": [[0, len(first)], [start, left - 1], [left, left + 10]],
            "metadata": [[0, len(first)]],
            "quotes": [],
            "phrases": [],
            "numbers": [[TEXT.index("3.5"), TEXT.index("3.5") + 3]],
            "left": [{"span": [left, left + 10], "reason": "<u>rain</u>", "because": "It <u>rains</u>."}],
        }
    }


@pytest.fixture(scope="module", params=["whole", "quotes", "whole, no account", "quotes, no account"])
def odd(request, tmp_path_factory):
    """The page of the odd article, with its full text or not, with an account of it or not."""
    root = tmp_path_factory.mktemp("odd")
    (root / "odd.txt").write_bytes(TEXT.encode())
    files = {} if "no account" in request.param else {"coverage.json": json.dumps(odd_account()).encode()}
    snapshot.publish(root / "snapshots", nquads=odd_graph(), files=files, about={})
    others = {"articles": root} if "whole" in request.param else {}
    app = create_app(settings_for(root / "snapshots", workers=1, **others))
    yield request.param, app.test_client()
    app.close()


def test_odd_characters_markup_and_overlaps_stay_where_they_are(odd):
    mode, client = odd
    answer = client.get("/source/odd.html")
    assert answer.status_code == 200
    page = Page(answer.text)
    if "whole" in mode:
        assert squeezed(page.text) == squeezed(TEXT)
    else:
        assert "harboursmade3.5millionyuan" in squeezed(page.text)
        assert "It rained" not in answer.text
    assert "<i>two</i>" not in answer.text
    assert "<b>Harbour" not in answer.text
    assert "<u>" not in answer.text
    start = TEXT.index(QUOTES[0])
    for words in QUOTES:
        assert f"q-{start}-{start + len(words)}" in page.ids
    marked = re.findall(r'<a class="says" href="([^"]+)"[^>]*>(.*?)</a>', answer.text)
    assert ("/obs/odd-0.html", "&lt;i&gt;two&lt;/i&gt;") in marked
    assert ("/obs/odd-1.html", "3.5 million yuan") in [(href, text) for href, text in marked]


def test_the_pages_of_odd_quotes_and_readings_answer(odd):
    _, client = odd
    for address in ("/quote/odd-0", "/quote/odd-1", *(f"/reading/odd-{number}" for number in range(5))):
        for language in ("en", "zh"):
            answer = client.get(f"{address}.html?lang={language}")
            assert answer.status_code == 200, address
            assert "<i>" not in answer.text
            assert not re.search('title="(city|城市)"', answer.text)  # what was read elsewhere
            assert Page(answer.text)


# The cutting of texts

PLACES = some.tuples(some.integers(0, 60), some.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))


@settings(max_examples=150, deadline=None)
@given(
    text=some.text(some.characters(codec="utf-8"), min_size=61, max_size=90),
    quotes=some.lists(PLACES, max_size=4, unique=True),
    marked=some.lists(PLACES, max_size=6),
    left=some.lists(PLACES, max_size=3),
    is_whole=some.booleans(),
)
def test_whatever_overlaps_each_known_character_is_shown_once_and_in_order(
    text, quotes, marked, left, is_whole
):
    text = f"{text[:20]} {text[21:]}"  # between sentences there is nothing but space
    known = [(0, text)] if is_whole else [(start, text[start:end]) for start, end in (*quotes, *marked)]
    article = Article(
        tuple((start, words) for start, words in known if words),
        Account(sentences=((0, 20), (21, len(text))), left=tuple(Left(each, "x", "y") for each in left)),
        tuple((place, f"slug-{place[0]}-{place[1]}") for place in quotes),
        tuple(Phrase(place, "/x", "", is_value=False) for place in marked),
    )
    shown = "".join(piece.text for piece in pieces(passages.paragraphs(article)) if isinstance(piece, Piece))
    places = {place for start, words in known for place in range(start, min(start + len(words), len(text)))}
    assert shown == "".join(text[place] for place in sorted(places - {20}))


def pieces(paragraphs):
    return [piece for each in paragraphs for sentence in each.sentences for piece in sentence.pieces]


def cut(text, *, quotes=(), marked=(), left=(), sentences=()):
    article = Article(
        ((0, text),),
        Account(sentences=sentences, left=tuple(Left(place, "why", "because") for place in left)),
        tuple((place, f"slug-{place[0]}") for place in quotes),
        tuple(Phrase(place, f"/{place[0]}-{place[1]}", "", is_value) for place, is_value in marked),
    )
    return pieces(passages.paragraphs(article))


def test_of_nested_phrases_the_number_wins_then_the_shortest():
    found = cut("the four industries", marked=[((0, 19), False), ((4, 8), True), ((9, 19), False)])
    assert [(each.text, each.phrase and each.phrase.href) for each in found] == [
        ("the ", "/0-19"),
        ("four", "/4-8"),
        (" ", "/0-19"),
        ("industries", "/9-19"),
    ]


def test_a_number_wins_over_a_shorter_phrase_in_it():
    found = cut("the four industries", marked=[((0, 8), True), ((4, 8), False)])
    assert [(each.text, each.phrase and each.phrase.href) for each in found] == [
        ("the ", "/0-8"),
        ("four", "/0-8"),
        (" industries", None),
    ]


def test_quotes_that_overlap_both_begin_where_they_begin():
    found = cut("abcdef", quotes=[((0, 3), "a"), ((2, 6), "b")] and [(0, 3), (2, 6)])
    assert [(each.text, each.anchors) for each in found] == [
        ("ab", ("q-0-3", "slug-0")),
        ("cdef", ("q-2-6", "slug-2")),
    ]


def test_a_reason_stands_once_at_the_end_of_what_is_left_out():
    found = cut("abcdef", quotes=[(2, 4)], left=[(0, 5)])
    assert [(each.text, each.is_left, each.reason) for each in found] == [
        ("ab", True, ""),
        ("cd", True, ""),
        ("e", True, "why"),
        ("f", False, ""),
    ]


def test_a_full_stop_that_is_not_known_is_no_gap():
    article = Article(((0, "It rose"),), Account(sentences=((0, 8), (9, 20))), (((0, 7), "a"),), ())
    (first, second) = passages.paragraphs(article)[0].sentences
    assert [type(each) for each in first.pieces] == [Piece]
    assert second.pieces == (Gap(1),)


def test_paragraphs_that_are_hidden_are_told_in_one():
    article = Article(((0, "It rose."),), Account(sentences=((0, 8), (10, 20), (22, 30))), (), ())
    assert [each.gap for each in passages.paragraphs(article)] == [None, Gap(2)]
    assert isinstance(passages.paragraphs(article)[0], Paragraph)
