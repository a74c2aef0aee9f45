-- The search index. Entries are numbered in the order in which a reader wants them: kind by kind, and within a
-- kind what is used most or what is newest first. So the first matches of any query are the ones to show.

-- Of things the names are in the index, of facts and sentences the words alone.
CREATE TABLE kind (
  name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL, is_named INTEGER NOT NULL
) WITHOUT ROWID;

-- What can be found. The IRI has no base; the text is the label or the title, of a quote its sentence.
CREATE TABLE entry (number INTEGER PRIMARY KEY, iri TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL);

-- What things are called; the key is the letters alone (kg/folding.py), the role says what kind of name it is.
CREATE TABLE name (
  entry INTEGER NOT NULL,
  place INTEGER NOT NULL,
  key TEXT NOT NULL,
  text TEXT NOT NULL,
  language TEXT NOT NULL,
  role TEXT NOT NULL,
  PRIMARY KEY (entry, place)
) WITHOUT ROWID;

-- The words of each entry, cut by kg/folding.py: this tokenizer only parts them at spaces.
CREATE VIRTUAL TABLE words USING fts5 (
  text, content = '', columnsize = 0, detail = none, tokenize = "ascii tokenchars '.+'"
);

CREATE TABLE word (number INTEGER PRIMARY KEY, text TEXT NOT NULL, entries INTEGER NOT NULL);

-- What remains of a word when letters are left out: words with a remainder in common are alike.
CREATE TABLE remainder (text TEXT, word INTEGER, PRIMARY KEY (text, word)) WITHOUT ROWID;

-- How a Chinese character sounds, so that another one with the same sound can stand for it.
CREATE TABLE sound (character TEXT PRIMARY KEY, syllable TEXT NOT NULL) WITHOUT ROWID;

-- The source of each quote, and the facts that it is the evidence of.
CREATE TABLE quoted (quote INTEGER PRIMARY KEY, source INTEGER NOT NULL);
CREATE TABLE said (quote INTEGER, fact INTEGER, PRIMARY KEY (quote, fact)) WITHOUT ROWID;

-- What the graph gives, in the order in which it comes.
CREATE TEMP TABLE found (
  kind INTEGER, rank INTEGER, iri TEXT PRIMARY KEY, text TEXT, language TEXT, words TEXT
) WITHOUT ROWID;
CREATE TEMP TABLE called (
  iri TEXT, place INTEGER, key TEXT, text TEXT, language TEXT, role TEXT, PRIMARY KEY (iri, place)
) WITHOUT ROWID;
CREATE TEMP TABLE stated (fact TEXT, quote TEXT, PRIMARY KEY (fact, quote)) WITHOUT ROWID;
CREATE TEMP TABLE taken (quote TEXT PRIMARY KEY, source TEXT) WITHOUT ROWID;
CREATE TEMP TABLE kinds (number INTEGER PRIMARY KEY, name TEXT, is_named INTEGER);
