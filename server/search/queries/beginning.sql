-- The words that begin so, the commonest first.
SELECT text FROM word WHERE text >= ? AND text < ? ORDER BY entries DESC, text LIMIT ?
