-- The words that share a remainder with another, when letters are left out of both; the commonest first.
SELECT text FROM word
WHERE number IN (SELECT word FROM remainder WHERE text IN (SELECT value FROM json_each(?)))
ORDER BY entries DESC, text
