"""An article is what came, to the byte, and what its page says about it."""

import hashlib
from datetime import date

import pytest

from kg.faults import DataFault
from kg.sources import read_source, split_sentences

ARTICLE = "Ships News\n\nPosted: 2022-03-01\n\nIt rose.\n"
BYTES = ARTICLE.encode()
METADATA = {
    "title": "Ships News",
    "dateline": "'Posted: 2022-03-01'",
    "publisher": "Coast News",
    "address": "https://coast.example/1",
    "sha256": hashlib.sha256(BYTES).hexdigest(),
}


@pytest.fixture
def put(tmp_path):
    def write(article=BYTES, **changed):
        path = tmp_path / "news.yaml"
        (tmp_path / "news.txt").write_bytes(article)
        fields = {**METADATA, "sha256": hashlib.sha256(article).hexdigest(), **changed}
        path.write_text("".join(f"{key}: {value}\n" for key, value in fields.items() if value is not None))
        return path

    return write


def test_the_page_says_title_date_and_label(put):
    source = read_source(put())
    assert (source.slug, source.title, source.published) == ("news", "Ships News", date(2022, 3, 1))
    assert source.date_label == "Posted"
    assert [span.of(source.text) for span in source.metadata] == ["Ships News", "Posted: 2022-03-01"]
    assert [span.of(source.text) for span in source.page_lines] == ["Posted: 2022-03-01"]


@pytest.mark.parametrize("article", ["a\r\nb", "a\u00a0“b”", "é", "e\u0301", "a\u2028b", "a\x85b", "\ufeffa"])
def test_the_text_is_kept_to_the_character(put, article):
    text = f"{ARTICLE}{article}"
    assert read_source(put(text.encode())).text == text


def test_a_date_without_a_label_has_none(put):
    text = ARTICLE.replace("Posted: ", "")
    assert read_source(put(text.encode(), dateline="'2022-03-01'")).date_label == ""


@pytest.mark.parametrize(
    ("changed", "line", "message"),
    [
        ({"title": "Fish News"}, 1, "“Fish News” (title) is not on the page news.txt."),
        ({"byline": "By nobody"}, 6, "“By nobody” (byline) is not on the page"),
        ({"dateline": "'Posted'"}, 2, "The dateline should be the page's label and date"),
        ({"address": "coast.example"}, 4, "The address should be the http(s) IRI"),
        ({"address": "https://a b"}, 4, "The address should be the http(s) IRI"),
        ({"sha256": "0" * 64}, 5, "The text changed: its SHA-256 is"),
        ({"sha256": None}, 1, "The key “sha256” is missing."),
        ({"titel": "x"}, 6, "Did you mean “title”?"),
    ],
)
def test_metadata_that_the_page_does_not_bear_out_are_refused(put, changed, line, message):
    path = put(**changed)
    with pytest.raises(DataFault) as fault:
        read_source(path)
    assert fault.value.problems[0].line == line
    assert message in str(fault.value)


@pytest.mark.parametrize("printed", ["2022-02-30", "2022-3-1", "01/03/2022"])
def test_a_date_that_is_none_is_refused(put, printed):
    text = ARTICLE.replace("2022-03-01", printed)
    with pytest.raises(DataFault, match="The dateline should be"):
        read_source(put(text.encode(), dateline=f"'Posted: {printed}'"))


def test_all_that_is_wrong_with_a_page_is_said_at_once(put):
    with pytest.raises(DataFault) as fault:
        read_source(put(title="Fish", address="x"))
    assert [problem.line for problem in fault.value.problems] == [1, 4]


def test_a_missing_or_unreadable_article_is_a_fault_that_names_it(put):
    path = put()
    path.with_suffix(".txt").unlink()
    with pytest.raises(DataFault, match=r"news\.txt: The text of the article cannot be read"):
        read_source(path)
    with pytest.raises(DataFault, match="is not UTF-8: byte 1"):
        read_source(put(b"a\xff"))


SENTENCES = (
    ("It rose. It fell.", ["It rose.", "It fell."]),
    ("It rose 9.3 percent. 5 fell!", ["It rose 9.3 percent.", "5 fell!"]),
    ("He said “It rose.” Then it fell.", ["He said “It rose.”", "Then it fell."]),
    ("Mr. Li, Dr. Wu and Prof. He came. All left.", ["Mr. Li, Dr. Wu and Prof. He came.", "All left."]),
    ("The U.S. Bank and J. Smith spoke.", ["The U.S. Bank and J. Smith spoke."]),
    ("In Jan. 2020 it rose. In Sept. 5 fell.", ["In Jan. 2020 it rose.", "In Sept. 5 fell."]),
    ("No. 3 it is.", ["No. 3 it is."]),
    ("A headline\n\nA line\r\nAnother", ["A headline", "A line", "Another"]),
    ("  spaced \n \n", ["spaced"]),
    ("", []),
)


@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_a_text_is_split_into_sentences(text, sentences):
    assert [span.of(text) for span in split_sentences(text)] == sentences


def test_every_letter_of_the_real_articles_is_in_one_sentence(folders):
    for path in (folders.data / "sources").glob("*.yaml"):
        source = read_source(path)
        inside = [i for span in source.sentences for i in range(span.start, span.end)]
        assert len(inside) == len(set(inside))
        assert all(c.isspace() for i, c in enumerate(source.text) if i not in set(inside))
