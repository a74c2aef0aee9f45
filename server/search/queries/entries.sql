-- What stands in the index under some numbers.
SELECT entry.number, entry.iri, entry.text, entry.language
FROM json_each(?) AS asked JOIN entry ON entry.number = asked.value
