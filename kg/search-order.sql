-- Number what was found, and write it in that order.

CREATE TEMP TABLE numbered (
  number INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind INTEGER
);
INSERT INTO numbered SELECT row_number() OVER (ORDER BY kind, rank, iri), iri, kind FROM found ORDER BY 1;

INSERT INTO entry SELECT number, iri, text, language FROM numbered JOIN found USING (iri) ORDER BY number;
INSERT INTO words (rowid, text) SELECT number, words FROM numbered JOIN found USING (iri) ORDER BY number;
INSERT INTO words (words) VALUES ('optimize');
INSERT INTO name
  SELECT number, place, key, text, language, role FROM numbered JOIN called USING (iri) ORDER BY number, place;
INSERT INTO quoted
  SELECT quote.number, source.number FROM taken
  JOIN numbered AS quote ON quote.iri = taken.quote
  JOIN numbered AS source ON source.iri = taken.source
  ORDER BY 1;
INSERT INTO said
  SELECT quote.number, fact.number FROM stated
  JOIN numbered AS quote ON quote.iri = stated.quote
  JOIN numbered AS fact ON fact.iri = stated.fact
  ORDER BY 1, 2;
INSERT INTO kind
  SELECT kinds.name, min(numbered.number), max(numbered.number), kinds.is_named
  FROM numbered JOIN kinds ON kinds.number = numbered.kind
  GROUP BY kinds.name ORDER BY kinds.name;

CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, words, row);
INSERT INTO word (text, entries) SELECT term, doc FROM vocabulary ORDER BY term;

CREATE UNIQUE INDEX word_text ON word (text);
CREATE INDEX name_key ON name (key, entry);
