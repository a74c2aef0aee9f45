-- How many entries have one of some words, at most.
SELECT coalesce(sum(word.entries), 0) FROM json_each(?) AS asked JOIN word ON word.text = asked.value
