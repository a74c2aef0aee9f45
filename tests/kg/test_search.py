"""The search index: everything is in it, in every spelling, and the same quads give the same content."""

import io
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from benchmarks import generate
from kg import build, folding, names, search
from kg.faults import SystemFault


@pytest.fixture(scope="module")
def lines(assembly: build.Assembly) -> bytes:
    return build.nquads(assembly)


@pytest.fixture(scope="module")
def index(built, tmp_path_factory):
    """The index of the real snapshot."""
    connection = sqlite3.connect(built.folder / folding.FILE)
    yield connection
    connection.close()


def thing(*values: tuple[str, str, str], iri: str = "city/harbin") -> search.Subject:
    found: dict[str, list[tuple[str, str]]] = {}
    for property_, text, language in values:
        found.setdefault(names.SKOS + property_, []).append((text, language))
    return search.Subject(names.BASE + iri, found)


def test_the_snapshot_lists_its_index(built):
    assert built.manifest["files"][folding.FILE]["bytes"] == (built.folder / folding.FILE).stat().st_size


def test_everything_with_a_page_that_a_reader_looks_for_is_in_it(index, lines):
    pattern = re.compile(
        rf"<{names.BASE}((?:{'|'.join(search.KINDS)})[/#][^>]+)> <{names.RDFS}label>".encode()
    )
    labelled = {match[1].decode() for line in io.BytesIO(lines) if (match := pattern.match(line))}
    assert {iri for (iri,) in index.execute("SELECT iri FROM entry")} == labelled
    assert set(search.KINDS) == {kind for (kind,) in index.execute("SELECT name FROM kind")}


def test_the_entries_of_a_kind_stand_together(index):
    for name, first, last in index.execute("SELECT name, first, last FROM kind"):
        found = index.execute("SELECT iri FROM entry WHERE number BETWEEN ? AND ?", (first, last)).fetchall()
        assert len(found) == last - first + 1
        assert {re.split("[/#]", iri)[0] for (iri,) in found} == {name}


def test_what_is_used_most_comes_first(index, lines):
    uses = Counter(term for line in io.BytesIO(lines) for term in line.split(b" ", 3)[1:3])
    for kind in ("industry", "metric", "organization", "ont"):
        entries = index.execute("SELECT iri FROM entry WHERE iri GLOB ? ORDER BY number", (f"{kind}[/#]*",))
        counts = [uses[f"<{names.BASE}{iri}>".encode()] for (iri,) in entries]
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > counts[-1]


def test_what_is_newest_comes_first_and_the_undated_last(index):
    facts = [iri for (iri,) in index.execute("SELECT iri FROM entry WHERE iri LIKE 'obs/%' ORDER BY number")]
    dated = ["-undated-" not in iri for iri in facts if "-target-" not in iri]  # which has a year of its own
    assert dated == sorted(dated, reverse=True)
    quotes = [
        iri for (iri,) in index.execute("SELECT iri FROM entry WHERE iri LIKE 'quote/%' ORDER BY number")
    ]
    places = [(iri[:-8].split("-2021-")[1][:5], int(iri.split("-")[-2])) for iri in quotes]
    assert places == sorted(places, key=lambda each: (each[0] == "03-30", each[1]))


def test_each_sentence_has_its_source_and_its_facts(index, lines):
    told = index.execute(
        "SELECT count(*) FROM quoted JOIN entry ON number = source WHERE iri LIKE 'source/%'"
    ).fetchone()
    assert told == index.execute("SELECT count(*) FROM entry WHERE iri LIKE 'quote/%'").fetchone()
    stated = {
        (line.split(b" ")[2], line.split(b" ")[0])
        for line in io.BytesIO(lines)
        if line.split(b" ")[1] == f"<{names.term('evidence')}>".encode() and b"/relation/" not in line
    }
    assert index.execute("SELECT count(*) FROM said").fetchone() == (len(stated),)


def test_every_word_is_found_where_it_stands(index):
    words = [word for (word,) in index.execute("SELECT text FROM word")]
    assert len(words) > 1000
    for word in words:
        found = index.execute("SELECT count(*) FROM words WHERE words MATCH ?", (f'"{word}"',)).fetchone()
        assert found == index.execute("SELECT entries FROM word WHERE text = ?", (word,)).fetchone(), word


def test_the_same_quads_give_the_same_bytes(lines, built, tmp_path):
    path = tmp_path / "data.nq"
    path.write_bytes(lines)
    written = search.index(path)
    assert written == (built.folder / folding.FILE).read_bytes()
    version = int.from_bytes(written[60:64])
    assert (written[68:72], version) == (b"cekg", folding.FORMAT)


def test_a_graph_of_other_cities_is_indexed_alike(tmp_path):
    graph = b"".join(sorted(set(b"".join(generate.quads(generate.Size(cities=5))).splitlines(keepends=True))))
    path = tmp_path / folding.FILE
    path.write_bytes(search.index(graph))
    connection = sqlite3.connect(path)
    counts = Counter(re.split("[/#]", iri)[0] for (iri,) in connection.execute("SELECT iri FROM entry"))
    connection.close()
    assert counts["city"] == 6
    assert counts["obs"] == counts["quote"] == 5 * 3 * 3 * 2 + 32


def test_no_room_to_write_is_said(lines, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(SystemFault, match="nowhere"):
        search.index(lines)


def test_the_dictionaries_are_loaded_by_a_build_alone():
    code = "import sys, kg.cli, kg.build; print('pypinyin' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_thing_has_each_of_its_names_once_and_its_chinese_names_as_they_sound():
    found = search.names_of(
        thing(
            ("prefLabel", "哈尔滨", "zh-hans"),
            ("prefLabel", "Harbin", "en"),
            ("altLabel", "HARBIN", "en"),
            ("altLabel", "哈尔滨市", "zh-hans"),
            ("hiddenLabel", "Kharbin", "en"),
            ("notation", "230100", ""),
            ("exactMatch", "http://www.wikidata.org/entity/Q42956", ""),
            ("exactMatch", "https://sws.geonames.org/2037013/", ""),
            iri="city/harbin-cn",
        )
    )
    assert [(each.role, each.key) for each in found] == [
        ("preferred", "harbin"),
        ("preferred", "哈尔滨"),
        ("alternative", "哈尔滨市"),
        ("hidden", "kharbin"),
        ("code", "230100"),
        ("sound", "haerbin"),
        ("sound", "haerbinshi"),
        ("code", "q42956"),
        ("code", "2037013"),
        ("slug", "harbincn"),
    ]
    assert {each.text for each in found if each.role == "sound"} == {"哈尔滨", "哈尔滨市"}


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("绿色农产品", {"lusenongchanpin", "lvsenongchanpin"}),
        ("重庆", {"chongqing", "zhongqing"}),
        ("“4+4”现代产业", {"4+4xiandaichanye"}),
        ("5G基站", {"5gjizhan"}),
    ],
)
def test_a_chinese_name_is_found_by_each_way_to_read_it(text, keys):
    found = search.names_of(thing(("prefLabel", text, "zh-hans"), iri="city/x"))
    assert {each.key for each in found if each.role == "sound"} == keys


@given(st.text())
def test_of_a_text_nothing_but_letters_and_digits_is_left(text):
    for word in (*folding.words(text), *folding.asked(text), folding.key(text)):
        assert all(letter.isalnum() or letter in ".+" or folding.is_chinese(letter) for letter in word)
        word.encode()
    assert set(folding.asked(text)) <= set(folding.words(text))


@given(st.text("abcdefgh", min_size=4, max_size=12), st.data())
def test_a_word_with_a_slip_is_always_among_those_to_compare(word, data):
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcdefgh"))
    slip = data.draw(
        st.sampled_from(
            [
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place:],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place : place + 2][::-1] + word[place + 2 :],
            ]
        )
    )
    assert OSA.distance(word, slip) <= 1
    assert folding.remains(word, 1) & folding.remains(slip, 1)


@given(st.text("abcd", min_size=6, max_size=10), st.text("abcd", min_size=6, max_size=10))
def test_so_is_a_word_with_two(one, two):
    if OSA.distance(one, two) <= 2:
        assert folding.remains(one, 2) & folding.remains(two, 2)
