"""What is found: by every spelling, in the right order, and nothing that a stranger writes does harm."""

import shutil
import threading

import pytest

from kg import folding, names, snapshot
from kg.faults import SnapshotFault
from server.app import create_app
from server.search import index as searching
from server.search import matching
from server.search.index import Index, NoIndex, index_of
from server.search.matching import LONGEST, Level
from tests.server.conftest import settings_for


def first(found):
    return found[0].iri.removeprefix(names.BASE) if found else None


SPELLINGS = [
    # as it is written, in any case, width and with any spaces
    ("Harbin", "city/harbin", Level.NAME),
    ("HARBIN", "city/harbin", Level.NAME),
    ("ｈａｒｂｉｎ", "city/harbin", Level.NAME),
    ("  harbin\u00a0city ", "city/harbin", Level.NAME),
    ("Har\u202ebin", "city/harbin", Level.NAME),
    ("“4+4” modern industrial system", "system/harbin-4-plus-4", Level.NAME),
    ("New-Materials Industry", "industry/new-materials", Level.NAME),
    ("newmaterials", "industry/new-materials", Level.NAME),
    ("information", "industry/information", Level.NAME),
    ("Q42956", "city/harbin", Level.NAME),
    ("number-of-industries", "metric/number-of-industries", Level.NAME),
    # Chinese, whole and in part
    ("哈尔滨", "city/harbin", Level.NAME),
    ("哈尔滨市", "city/harbin", Level.NAME),
    ("金融", "industry/finance", Level.NAME),
    ("信息产业", "industry/information", Level.NAME),
    ("尔滨", "city/harbin", Level.WORDS),
    ("滨", "city/harbin", Level.WORDS),
    ("农产品", "industry/green-agriculture", Level.WORDS),
    ("黑龙江省", "region/heilongjiang", Level.NAME),
    ("黑龙", "region/heilongjiang", Level.START),
    # as it sounds
    ("haerbin", "city/harbin", Level.NAME),
    ("ha er bin", "city/harbin", Level.NAME),
    ("Hā'ěrbīn", "city/harbin", Level.NAME),
    ("haerb", "city/harbin", Level.START),
    ("wuliu", "industry/logistics", Level.NAME),
    ("xiandaiwuliu", "industry/logistics", Level.NAME),
    ("lüse", "industry/green-agriculture", Level.START),
    ("lvse", "industry/green-agriculture", Level.START),
    ("chanpin", "industry/green-agriculture", Level.WORDS),
    ("哈爾濱", "city/harbin", Level.SOUND),
    ("哈尔宾", "city/harbin", Level.SOUND),
    ("金熔", "industry/finance", Level.SOUND),
    # in part
    ("harb", "city/harbin", Level.START),
    ("reform commission", "organization/harbin-development-and-reform-commission", Level.WORDS),
    ("commission of Harbin", "organization/harbin-development-and-reform-commission", Level.WORDS),
    ("reform comm", "organization/harbin-development-and-reform-commission", Level.BEGUN),
    ("agricult", "industry/green-agriculture", Level.BEGUN),
    ("industrial systems", "system/harbin-4-plus-4", Level.WORDS),
    # with slips
    ("Habrin", "city/harbin", Level.SLIP),
    ("hrbin", "city/harbin", Level.SLIP),
    ("harbinn", "city/harbin", Level.SLIP),
    ("gharbin", "city/harbin", Level.SLIP),
    ("biomedcine", "industry/biomedicine", Level.SLIP),
    ("biomedicin", "industry/biomedicine", Level.START),
    ("biomdecine", "industry/biomedicine", Level.SLIPS),
    (
        "developement and reform comission",
        "organization/harbin-development-and-reform-commission",
        Level.SLIP,
    ),
    ("hielongjang", "region/heilongjiang", Level.SLIPS),
    ("haebrin", "city/harbin", Level.SLIP),
    # with words that are nowhere
    ("the city of Harbin qwzx", "city/harbin", Level.SOME),
]


@pytest.mark.parametrize(("text", "iri", "level"), SPELLINGS, ids=[each[0] for each in SPELLINGS])
def test_a_thing_is_found_however_it_is_spelled(index, text, iri, level):
    found = index.find(text)
    assert (first(found), found[0].level) == (iri, level)


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("哈尔滨 产值", "obs/harbin-"),
        ("finance revenue 2020", "obs/harbin-finance-revenue-2020-"),
        ("85.81", "obs/harbin-finance-revenue-2020-level-85810000000-cny"),
        ("7,030", "obs/harbin-5g-base-stations-undated-level-7030"),
        ("pillar industries tourism", "quote/"),
        ("4+4 investment", "obs/harbin-4-plus-4-total-investment-2020-"),
    ],
)
def test_facts_and_sentences_are_found_by_their_words(index, text, iri):
    assert first(index.find(text)).startswith(iri)


def test_things_come_before_facts_and_these_before_sentences(index):
    found = index.find("industry", limit=200)
    for level in Level:
        kinds = [index.kinds.index(hit.kind) for hit in found if hit.level is level]
        assert kinds == sorted(kinds)
    assert {hit.kind for hit in found} >= {"industry", "obs", "quote"}


def test_words_that_tell_nothing_are_looked_for_where_there_are_no_others(index):
    assert index.search("the").total > 10
    assert index.search("the harbin").total == index.search("harbin").total


def test_a_number_has_no_slips(index):
    assert index.find("2120", kinds=["obs"]) == []
    assert index.find("85.82") == []


def test_the_name_that_matches_is_given_with_how_alike_it_is(index):
    (hit,) = index.find("wuliu", limit=1)
    assert (hit.name, hit.by_sound, hit.score, hit.text) == ("物流", True, 100.0, "modern logistics")
    (hit,) = index.find("Habrin", limit=1)
    assert (hit.name, hit.by_sound, hit.score) == ("Harbin", False, 83.3)


def test_pages_follow_each_other_without_a_gap(index):
    everything = [hit.iri for hit in index.find("harbin", limit=200)]
    assert len(everything) == len(set(everything)) > 40
    for size in (1, 7, 20):
        pages = [index.find("harbin", limit=size, offset=start) for start in range(0, len(everything), size)]
        assert [hit.iri for page in pages for hit in page] == everything
    assert index.find("harbin", offset=len(everything)) == []


def test_what_is_counted_is_what_is_found(index):
    for text in ("harbin", "industry", "Habrin", "哈爾濱", "2020", "h"):
        result = index.search(text, limit=500)
        assert len(result.hits) == result.total == sum(result.counts.values())
        for kind, count in result.counts.items():
            alone = index.search(text, kinds=[kind], limit=500)
            assert {hit.kind for hit in alone.hits} == {kind}
            assert (len(alone.hits), alone.total, alone.counts) == (count, count, result.counts)


def test_where_there_is_more_than_can_be_had_it_says_so(index, monkeypatch):
    monkeypatch.setattr(searching, "MOST", 5)
    result = index.search("harbin", limit=100)
    assert (result.counts["obs"], result.counts["city"]) == (5, 1)
    assert result.more == {"obs", "quote"}
    assert len(result.hits) == result.total == sum(result.counts.values())


HOSTILE = [
    "",
    " ",
    "\0",
    "\0harbin",
    '"',
    '"harbin',
    'harbin" OR "1',
    "NEAR(harbin industry, 5)",
    "harbin NOT industry",
    "text : harbin",
    "{text} : harbin",
    "^harbin",
    "harb*",
    "*",
    "-harbin",
    "harbin + industry",
    "AND OR NOT",
    "(((((((((((",
    "'; DROP TABLE entry; --",
    "%_%",
    "?1 :a @b $c",
    "<script>alert(1)</script>",
    "\u202eniblrah\u202c\u2066\u2069",
    "\ud800",
    "harbin \udfff",
    "\ufffe\uffff",
    "\U0010ffff",
    "👩‍👩‍👧‍👦",
    "a\u0301" * 300,
    "\u0301" * 10_000,
    "a" * 10_000,
    "哈" * 10_000,
    "a " * 5_000,
    "哈 " * 5_000,
    "abcdefgh " * 1_000,
    "+" * 10_000,
    "1." * 5_000,
    "ﷺ" * 200,
    "ßıİſ" * 50,
    "हिन्दी العربية עברית ไทย 한국어 ひらがな",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_written_is_text(index, text):
    for found in (
        index.find(text),
        index.suggest(text),
        index.nearest("city", text),
        index.nearest(text, text),
    ):
        assert isinstance(found, list)
    result = index.search(text)
    assert result.total == sum(result.counts.values())


@pytest.mark.parametrize("text", ['"harbin"', "harbin*", "^harbin", "-harbin", "NEAR(harbin)", "harbin\0"])
def test_the_signs_of_a_query_language_mean_nothing(index, text):
    assert first(index.find(text)) == "city/harbin"


def test_what_is_too_long_is_read_as_far_as_it_goes(index):
    assert first(index.find("harbin" + " " * LONGEST + "finance")) == "city/harbin"


def test_suggestions_are_things_with_a_name(index):
    found = index.suggest("h", limit=50)
    assert {"obs", "quote"} & {hit.kind for hit in found} == set()
    assert first(found) == "city/harbin"
    assert len(index.suggest("h", limit=3)) == 3


@pytest.mark.parametrize(
    ("kind", "slug", "iri"),
    [
        ("city", "Harbin", "city/harbin"),
        ("city", "harbn", "city/harbin"),
        ("city", "ha-er-bin", "city/harbin"),
        ("industry", "harbin", "city/harbin"),
        ("city", "biomedicine", "industry/biomedicine"),
        ("industry", "biomedcine", "industry/biomedicine"),
        ("metric", "total_investment", "metric/total-investment"),
        ("ont", "Citty", "ont#City"),
        ("source", "e-my399-2021-03-31", "source/e-my399-2021-03-30"),
        ("quote", "e-my399-2021-03-30-1-2", "source/e-my399-2021-03-30"),
        (
            "obs",
            "harbin-finance-revenue-2020-level-1-cny",
            "obs/harbin-finance-revenue-2020-level-85810000000-cny",
        ),
        ("shape", "harbin", "city/harbin"),
        ("organization", "harbi", "organization/harbin-development-and-reform-commission"),
    ],
)
def test_an_address_that_leads_nowhere_has_near_ones(index, kind, slug, iri):
    assert first(index.nearest(kind, slug)) == iri


def test_nothing_is_near_to_nonsense(index):
    assert index.nearest("city", "qwzxqwzx") == []
    assert len(index.nearest("city", "h", limit=2)) == 2


def test_a_sentence_has_its_source_and_its_facts(index):
    (hit,) = index.find("boosted", kinds=["quote"])
    evidence = index.evidence([hit])[hit.iri]
    assert evidence.source == names.thing("source", "e-my399-2021-03-30")
    assert all("/obs/" in fact or "/group/" in fact for fact in evidence.facts)
    assert evidence.facts


def test_any_thread_may_ask(index):
    found = []
    threads = [threading.Thread(target=lambda: found.append(first(index.find("Habrin")))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["city/harbin"] * 8


def test_an_index_may_be_closed_while_others_ask_it(built):
    for _ in range(4):
        index, over = index_of(built), []

        def ask(index=index, over=over):
            try:
                while True:
                    index.find("harbin industry revenue")
            except searching.sqlite3.ProgrammingError:
                over.append(True)

        threads = [threading.Thread(target=ask) for _ in range(3)]
        for thread in threads:
            thread.start()
        index.close()
        for thread in threads:
            thread.join(10)
        assert over == [True] * 3
        with pytest.raises(searching.sqlite3.ProgrammingError):
            index.find("harbin")


@pytest.fixture
def copied(built, tmp_path):
    """A copy of the real snapshot's folder, to damage."""
    root = tmp_path / "root"
    shutil.copytree(built.folder, root / built.id)
    (root / "CURRENT").write_text(built.id)
    return root


def test_a_changed_index_is_refused_at_the_start(copied, built):
    path = copied / built.id / folding.FILE
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(
        SnapshotFault, match=r"search\.sqlite cannot be opened: it is not what the manifest says"
    ):
        create_app(settings_for(copied, workers=1))


def test_an_index_that_is_none_is_refused_at_the_start(tmp_path):
    content = bytes(60) + searching.folding.FORMAT.to_bytes(4) + b"nothing of the kind" * 100
    snapshot.publish(tmp_path, nquads=b"", files={folding.FILE: content}, about={})
    with pytest.raises(SnapshotFault, match=r"search\.sqlite cannot be opened: file is not a database"):
        index_of(snapshot.open_current(tmp_path))


def test_an_index_of_another_version_is_none(built, tmp_path):
    content = bytearray((built.folder / folding.FILE).read_bytes())
    content[60:64] = (99).to_bytes(4)
    snapshot.publish(tmp_path, nquads=b"", files={folding.FILE: bytes(content)}, about={})
    assert not index_of(snapshot.open_current(tmp_path)).is_there


def test_a_snapshot_without_an_index_finds_nothing(sample):
    index = index_of(snapshot.open_current(sample))
    assert isinstance(index, NoIndex)
    assert (index.find("northport"), index.suggest("n"), index.nearest("city", "northprt")) == ([], [], [])
    assert (index.search("northport").total, index.evidence([]), index.kinds) == (0, {}, ())
    index.close()


def test_an_index_may_be_opened_by_its_path(built):
    index = Index(built.folder / folding.FILE)
    assert first(index.find("harbin")) == "city/harbin"
    index.close()


@pytest.mark.parametrize(
    ("text", "words", "begun", "marked"),
    [
        ("Harbin’s industries", {"harbin", "industry"}, "", ["Harbin’s", "industries"]),
        ("HARBIN", {"harbin"}, "", ["HARBIN"]),
        ("informal information", set(), "inform", ["informal", "information"]),
        ("哈尔滨市金融", {"哈尔", "尔滨", "金融"}, "", ["哈尔滨", "金融"]),
        ("7,030 base stations", {"7030"}, "", ["7,030"]),
        ("café", {"cafe"}, "", ["café"]),
        ("", {"a"}, "b", []),
    ],
)
def test_the_words_are_marked_where_they_stand(text, words, begun, marked):
    assert [text[start:end] for start, end in matching.marks(text, words, begun)] == marked
